import { expect, it } from 'vitest';
import { useCommandLine } from './command-line.ts';

const { start } = useCommandLine();

it('drover events --follow goes on until the job has ended', async () => {
  await start('submit', '--id', 'followed', '--', 'exec sleep 600').outcome;
  const following = start('events', 'followed', '--follow', '--json');
  await following.shows('stdout', '"type":"started"');
  await start('stop', 'followed').outcome;
  const { code, stdout } = await following.outcome;
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(new Set(events.map(({ job_id }) => job_id))).toEqual(new Set(['followed']));
  expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted((a, b) => a - b));
  expect((await start('events', 'followed', '--json').outcome).stdout).toBe(stdout);
});

it('drover events wants a job, or to follow all', async () => {
  const { code, stderr } = await start('events').outcome;
  expect(code).toBe(2);
  expect(stderr).toContain('name a job, or say --follow');
});
