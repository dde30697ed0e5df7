import { readFile } from 'node:fs/promises';

/** What a driver wrote about itself. */
export interface LedgerLine {
  what: 'start' | 'end';
  jobId: string;
  attemptId: string;
  /** Of the attempt. */
  number: number;
}

/** Reads what the drivers of a load wrote, in the order in which they did. */
export async function readLedger(path: string): Promise<LedgerLine[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [what, jobId, attemptId, number] = line.split(' ');
    if ((what !== 'start' && what !== 'end') || jobId === undefined || attemptId === undefined) {
      throw new Error(`no line of a driver: ${line}`);
    }
    return { what, jobId, attemptId, number: Number(number) };
  });
}

/** The most drivers of a group that were between their two lines at the same time: there were at least as many. @param groupOf null for none */
export function mostAtOnce(
  ledger: readonly LedgerLine[],
  groupOf: (jobId: string) => string | null,
): Map<string, number> {
  const present = new Map<string, number>();
  const most = new Map<string, number>();
  for (const { what, jobId } of ledger) {
    const group = groupOf(jobId);
    if (group === null) continue;
    const count = (present.get(group) ?? 0) + (what === 'start' ? 1 : -1);
    present.set(group, count);
    most.set(group, Math.max(most.get(group) ?? 0, count));
  }
  return most;
}
