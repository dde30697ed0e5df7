const MARK = 'drover-';

/** The name by which an attempt's job is known in Slurm, also where the answer to its submission was lost. */
export function jobNameOf(attemptId: string): string {
  return `${MARK}${attemptId}`;
}

/** The attempt that a job of this name stands for, if it is one of Drover's. */
export function attemptOf(jobName: string): string | null {
  return jobName.startsWith(MARK) ? jobName.slice(MARK.length) : null;
}
