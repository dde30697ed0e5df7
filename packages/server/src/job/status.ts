/** Where a job stands. The last three are terminal and never change again. */
export type JobStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';

export type TerminalStatus = 'SUCCEEDED' | 'FAILED' | 'STOPPED';

export const JOB_STATUSES: readonly JobStatus[] = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED'];

export function isTerminal(status: JobStatus): status is TerminalStatus {
  return status !== 'PENDING' && status !== 'RUNNING';
}
