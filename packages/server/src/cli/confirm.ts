import { createInterface } from 'node:readline';

/** Whether somebody is there to be asked: for what is read by a program, nobody is. */
export function canAsk(isJson: boolean): boolean {
  return !isJson && process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks on the terminal. Everything but `y` or `yes` means no, the end of the input too. */
export async function confirm(question: string): Promise<boolean> {
  process.stderr.write(`${question} [y/N] `);
  for await (const line of createInterface({ input: process.stdin })) return /^y(es)?$/i.test(line.trim());
  process.stderr.write('\n');
  return false;
}
