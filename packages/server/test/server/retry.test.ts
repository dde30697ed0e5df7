import { expect, it } from 'vitest';
import { useCommandLine } from './command-line.ts';

const { run } = useCommandLine();

it('drover retry submits copies of jobs that have ended, and says which it could not', async () => {
  await run('submit', '--id', 'first', '--wait', '--', 'exit 3');
  const { code, stdout, stderr } = await run('retry', 'unknown', 'first');
  expect(code).toBe(1);
  expect(stderr).toContain("'unknown'");
  const copy = stdout.trimEnd();
  expect(copy).not.toBe('first');
  expect((await run('wait', copy)).code).toBe(3);
  expect((await run('status', 'first')).stdout).toContain('FAILED');
});
