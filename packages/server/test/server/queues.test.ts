import { describe, expect, it } from 'vitest';
import { useCommandLine } from './command-line.ts';
import { ended, running, stop } from './job-api.ts';

// The built command against the built server; every option and every text is tested in test/cli.

const { server, start, run, succeeds } = useCommandLine();

const startedAt = async (id: string) => JSON.parse(await succeeds('status', id, '--json')).started_at as string;

describe('drover queue', () => {
  it('pause keeps jobs from starting, which say why; resume starts them by their priority', async () => {
    await succeeds('queue', 'create', 'train', '--priority', '5', '--max-running', '1');
    await succeeds('queue', 'pause', 'train');
    await succeeds('submit', '--queue', 'train', '--id', 'later', '--', 'true');
    await succeeds('submit', '--queue', 'train', '--priority', '7', '--id', 'first', '--', 'true');

    const status = await succeeds('status', 'later');
    expect(status).toMatch(/^why pending +queue train is paused; 2nd in queue train$/m);
    expect(await succeeds('status', 'first')).toMatch(/^queue +train\npriority +7$/m);
    expect(await succeeds('list')).toMatch(/^first +PENDING +train +7 /m);
    const queues = await succeeds('queue', 'list');
    expect(queues).toMatch(/^train +5 +paused +2 +0\/1 /m);

    const waiting = start('wait', 'first', 'later');
    await waiting.shows('stderr', 'first PENDING: queue train is paused; 1st in queue train\n');
    expect(await succeeds('queue', 'resume', 'train')).toMatch(/^queue train is active/);
    const { code, stdout } = await waiting.outcome;
    expect({ code, ends: stdout.match(/^\w+ \w+/gm) }).toEqual({
      code: 0,
      ends: ['first SUCCEEDED', 'later SUCCEEDED'],
    });
    expect(Date.parse(await startedAt('first'))).toBeLessThanOrEqual(Date.parse(await startedAt('later')));
  });

  it('drain refuses jobs and starts those that wait; then the queue can be deleted', async () => {
    await succeeds('queue', 'create', 'old', '--max-running', '1');
    await succeeds('submit', '--queue', 'old', '--id', 'running', '--', 'sleep 100');
    await running(server.url, 'running');
    await succeeds('submit', '--queue', 'old', '--id', 'last', '--', 'true');
    const drained = await succeeds('queue', 'drain', 'old');
    expect(drained).toBe('queue old is draining: it takes no jobs, and starts those that wait (1 waits, 1 runs)\n');

    const refused = await run('submit', '--queue', 'old', '--', 'true');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('(QUEUE_DRAINING)') });
    const kept = await run('queue', 'delete', 'old');
    expect(kept).toMatchObject({ code: 1, stderr: expect.stringContaining('(QUEUE_NOT_EMPTY)') });

    await stop(server.url, 'running');
    expect((await ended(server.url, 'last')).status).toBe('SUCCEEDED');
    expect(await succeeds('queue', 'delete', 'old')).toBe('queue old is deleted\n');
    const unknown = await run('submit', '--queue', 'old', '--', 'true');
    expect(unknown.stderr).toBe("drover: no queue has the name 'old'; there are default, train (UNKNOWN_QUEUE)\n");
  });
});

describe('drover tenant', () => {
  it('set gives a quota that holds over all queues, and reset takes it away', async () => {
    await succeeds('tenant', 'set', 'blue', '--max-running', '1', '--weight', '2');
    await succeeds('submit', '--tenant', 'blue', '--id', 'blue-1', '--', 'sleep 100');
    await running(server.url, 'blue-1');
    await succeeds('submit', '--tenant', 'blue', '--id', 'blue-2', '--', 'true');
    const status = await succeeds('status', 'blue-2');
    expect(status).toMatch(/^why pending +tenant blue may hold 1 running job, and has 1; 1st in queue default$/m);
    expect(await succeeds('tenant', 'list')).toMatch(/^blue +2 .* default +1 +1\/1 /m);
    expect((await run('submit', '--tenant', 'green', '--wait', '--', 'true')).code).toBe(0);

    await succeeds('tenant', 'reset', 'blue');
    expect((await ended(server.url, 'blue-2')).status).toBe('SUCCEEDED');
    await stop(server.url, 'blue-1');
  });
});
