import type { SlurmSubmission } from '../slurm-client.ts';

/** The arguments of sbatch; the script comes through its input. */
export function sbatchArguments(submission: SlurmSubmission, user: string | null): string[] {
  const valued: [option: string, value: string | number | null][] = [
    ['uid', user],
    ['job-name', submission.name],
    ['comment', submission.comment],
    ['chdir', submission.workingDirectory],
    ['output', submission.outputPath],
    ['cpus-per-task', submission.cpus],
    ['mem', submission.memoryMb === null ? null : `${submission.memoryMb}M`],
    ['gres', submission.gres],
    ['time', submission.timeLimitMinutes],
    ['partition', submission.partition],
    ['account', submission.account],
    ['qos', submission.qos],
    ['constraint', submission.constraint],
    ['reservation', submission.reservation],
    ['licenses', submission.licenses],
    ['nice', submission.nice],
  ];
  return [
    '--parsable',
    '--no-requeue',
    '--export=ALL',
    ...valued.flatMap(([option, value]) => (value === null ? [] : [`--${option}=${value}`])),
  ];
}
