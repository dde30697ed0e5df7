import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeJob } from '../../../../client/test/fixture/job.ts';
import { makeQueue, makeTenant, NO_LIMITS, NO_USE } from '../../../../client/test/fixture/queue.ts';
import { drawPicture, type Frame } from '../../../src/cli/top/picture.ts';
import type { Snapshot } from '../../../src/cli/top/snapshot.ts';

// Colours are asked for by the terminal of whoever runs the tests.
beforeAll(() => {
  vi.stubEnv('FORCE_COLOR', undefined);
  return () => vi.unstubAllEnvs();
});

const TAKEN_AT = '2026-11-23T10:00:00.000Z';

function snapshotWith(running: number, waiting: number, fields: Partial<Snapshot> = {}): Snapshot {
  const runningJobs = [...Array(Math.min(100, running)).keys()].map((index) =>
    makeJob({
      id: `run-${index}`,
      status: 'RUNNING',
      started_at: new Date(Date.parse(TAKEN_AT) - (index + 1) * 1000).toISOString(),
      resources: { cpus: 1.5, gpus: index % 2, memory_bytes: 0, custom: {} },
      entrypoint: 'python3 train.py',
    }),
  );
  const waitingJobs = [...Array(Math.min(100, waiting)).keys()].map((index) =>
    makeJob({
      id: `wait-${index}`,
      queue: 'train',
      pending_reason: {
        code: 'QUEUE_PAUSED',
        message: 'queue train is paused',
        jobs_ahead: index,
        lack: null,
      },
    }),
  );
  return {
    taken_at: TAKEN_AT,
    jobs: { PENDING: waiting, RUNNING: running, SUCCEEDED: 12_345, FAILED: 0, STOPPED: 1 },
    queues: [
      makeQueue({ name: 'default' }),
      makeQueue({ name: 'train', state: 'paused', use: { ...NO_USE, waiting }, limits: { ...NO_LIMITS, running: 3 } }),
    ],
    tenants: [makeTenant({ name: 'default', use: { ...NO_USE, running } })],
    running: runningJobs,
    waiting: waitingJobs,
    ...fields,
  };
}

/** Lines for a stream that is no terminal, so without colours. */
function draw(snapshot: Snapshot, frame: Partial<Frame> = {}): string[] {
  return drawPicture(snapshot, {
    title: { text: 'title' },
    columns: null,
    rows: null,
    stream: process.stdout,
    ...frame,
  });
}

describe('the picture', () => {
  it('has counts, queues, tenants, what runs and what waits', () => {
    expect(draw(snapshotWith(2, 1))).toEqual([
      'title',
      'RUNNING 2  PENDING 1  SUCCEEDED 12,345  FAILED 0  STOPPED 1',
      '',
      'QUEUE    PRIORITY  STATE   WAITING  RUNNING  CPUS  GPUS  MEMORY',
      'train    0         paused  1        0/3      0     0     0',
      'default  0         active  0        0        0     0     0',
      '',
      'TENANT   WEIGHT  SHARE  LATELY  QUEUE    WAITING  RUNNING  CPUS  GPUS  MEMORY',
      'default  1       0%     0%      default  0        2        0     0     0',
      '',
      'RUNNING  TIME  CPUS  GPUS  COMMAND',
      'run-1    2.0s  1.5   1     python3 train.py',
      'run-0    1.0s  1.5   0     python3 train.py',
      '',
      'WAITING  QUEUE  WHY',
      'wait-0   train  queue train is paused',
    ]);
  });

  it('shows tenant and queue of what runs where they are not those of every job', () => {
    const running = [makeJob({ id: 'a', tenant: 'blue', queue: 'train', started_at: TAKEN_AT })];
    const lines = draw(snapshotWith(1, 0, { running }));
    expect(lines.slice(-2)).toEqual([
      'RUNNING  TIME  CPUS  QUEUE  TENANT  COMMAND',
      'a        0.0s  0     train  blue    true',
    ]);
  });

  it('tells of an array how far it is, and nothing that its elements hold', () => {
    const array = { size: 9, max_running: null, waiting: 6, running: 1, succeeded: 2, failed: 0, stopped: 0 };
    const resources = { cpus: 4, gpus: 1, memory_bytes: 0, custom: {} };
    const running = [makeJob({ id: 'sweep', status: 'RUNNING', array, resources })];
    expect(draw(snapshotWith(1, 0, { running })).at(-1)).toMatch(
      /^sweep +- +- +- +2 of 9 ended, 1 running, 6 waiting$/,
    );
  });

  it('leaves out what there is none of', () => {
    expect(draw(snapshotWith(0, 0, { tenants: [] })).slice(2)).toEqual([
      '',
      expect.stringMatching(/^QUEUE/),
      expect.stringMatching(/^default/),
      expect.stringMatching(/^train/),
    ]);
  });

  it('fits a terminal of any size, and says of each list how much is hidden', () => {
    const snapshot = snapshotWith(40, 4_000);
    for (let rows = 1; rows < 60; rows++) {
      for (const columns of [1, 20, 79]) {
        const lines = draw(snapshot, { rows, columns, title: { text: 'title '.repeat(30) } });
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(lines[0]?.length).toBeLessThanOrEqual(columns);
        expect(lines[1]?.length ?? 0).toBeLessThanOrEqual(columns);
      }
    }
    const lines = draw(snapshot, { rows: 24 });
    expect(lines).toHaveLength(24);
    const rest = lines.flatMap((line) => /^… (.+) more$/.exec(line)?.[1] ?? []);
    const shown = (prefix: string) => lines.filter((line) => line.startsWith(prefix)).length;
    expect(rest).toEqual([String(40 - shown('run-')), (4_000 - shown('wait-')).toLocaleString('en')]);
  });

  it('says how many wait beyond those that it knows', () => {
    const lines = draw(snapshotWith(0, 4_000));
    expect(lines.filter((line) => line.startsWith('wait-'))).toHaveLength(100);
    expect(lines.at(-1)).toBe('… 3,900 more');
  });

  it('does not take a job that has just started for a hidden one', () => {
    const snapshot = snapshotWith(0, 3);
    const lines = draw({ ...snapshot, jobs: { ...snapshot.jobs, PENDING: 5 } });
    expect(lines.at(-1)).toMatch(/^wait-2 /);
  });

  it('has nothing in it that a terminal obeys', () => {
    const running = [makeJob({ id: 'a', entrypoint: 'printf "\x1b[2J"\nls' })];
    const lines = draw(snapshotWith(1, 0, { running }), { title: { text: 'at http://\x1b]0;x' } });
    expect(lines.join('\n')).not.toContain('\x1b');
    expect(lines.at(-1)).toContain('printf "\\x1b[2J"\\nls');
  });
});
