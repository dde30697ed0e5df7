import { expect } from 'vitest';
import { type RunningDrover, startDrover } from '../cli/fixture/run-drover.ts';
import { details } from './job-api.ts';

/** `drover submit --follow` of a command to one of a server's engines. @param more options of the submit */
export function submitTo(
  address: string,
  engine: string,
  { id, command, more = [] }: { id: string; command: string; more?: readonly string[] },
): RunningDrover {
  return startDrover(['submit', '--id', id, '--engine', engine, ...more, '--follow', '--', command], { address });
}

/** What a client sees of a command that an engine runs, without what is each job's own: its id becomes `ID`. */
export async function outcomeOn(
  address: string,
  engine: string,
  command: string,
  more: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const { code, stdout } = await submitTo(address, engine, { id: `same-${engine}`, command, more }).outcome;
  const { driver_info, start_time, end_time, driver_node_id, submission_id, ...same } = await details(
    address,
    `same-${engine}`,
  );
  expect(Number(driver_info.pid)).toBeGreaterThan(1);
  expect(driver_info.node_ip_address).toMatch(/^\d+\./);
  expect(Number(end_time)).toBeGreaterThanOrEqual(Number(start_time));
  expect(driver_node_id).not.toBe('');
  return { code, stdout: stdout.replace(submission_id, 'ID'), ...same };
}
