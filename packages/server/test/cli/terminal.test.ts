import { describe, expect, it } from 'vitest';
import { startFakeApi } from './fixture/fake-api.ts';
import { startOnTerminal } from './fixture/terminal.ts';

describe('on a terminal', () => {
  it('a moving line says why the job waits, and makes room for the output', async (ctx) => {
    const api = await startFakeApi();
    const run = startOnTerminal(ctx, ['submit', '--follow', '--', 'x'], api);
    await run.shows('stdout', '⠋ job-1 PENDING: about to start');
    const message = `needs 2 gpus: ${'long '.repeat(30)}`;
    api.change('job-1', { pending_reason: { code: 'WAITING_FOR_RESOURCES', message, jobs_ahead: 0, lack: null } });
    await run.shows('stdout', 'job-1 PENDING: needs 2 gpus: long');
    api.change('job-1', { status: 'RUNNING', pending_reason: null, started_at: new Date().toISOString() });
    api.print('job-1', 'the output\n');
    await run.shows('stdout', 'the output');
    api.end('job-1', { exitCode: 6 });
    const { code, stdout } = await run.outcome;
    expect(code).toBe(6);
    expect(stdout).toContain('\r\x1b[Kthe output');
    for (const frame of stdout.matchAll(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] ([^\r\n]*)/g)) expect(frame[1]?.length).toBeLessThanOrEqual(78);
  });

  it('statuses are coloured and commands cut to fit, ids never; NO_COLOR takes the colours away', async (ctx) => {
    const api = await startFakeApi();
    const id = 'j-'.repeat(20);
    const [started_at, ended_at] = ['2026-01-02T03:04:05Z', '2026-01-02T03:06:10Z'];
    api.add({ id, entrypoint: 'x'.repeat(200), started_at, ended_at });
    const coloured = (await startOnTerminal(ctx, ['list'], api).outcome).stdout;
    expect(coloured).toContain(`${id}  \x1b[33mPENDING\x1b[39m`);
    expect(coloured).toContain('x…');
    expect(coloured).not.toContain('x'.repeat(80));
    const plain = (await startOnTerminal(ctx, ['list'], { ...api, env: { NO_COLOR: '1' } }).outcome).stdout;
    expect(plain).toContain(`${id}  PENDING`);
    expect(plain).not.toContain('\x1b');
    const lines = plain.trimEnd().split(/\r?\n/);
    expect(lines[0]).toBe(`ID${' '.repeat(38)}  STATUS   SUBMITTED  COMMAND`);
    expect(lines[1]).toMatch(/^(j-){20} {2}PENDING {2}.{9} {2}x+…$/);
    expect(lines[1]).toHaveLength(80);
  });
});
