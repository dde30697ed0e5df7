import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { readProcess } from '../../../src/engine/local/processes/process-entry.ts';
import { writeOrder } from '../../../src/engine/order/order-file.ts';
import { parseRecord } from '../../../src/engine/record/grammar.ts';
import { loadBatchScript } from '../../../src/engine/slurm/batch-script.ts';
import { stopFileOf, writeStop } from '../../../src/engine/slurm/stop-file.ts';
import { until } from '../until.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-supervisor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const batchScript = loadBatchScript();
let count = 0;

/** An attempt, and its batch script as Slurm would run it, without a cgroup of its own. */
function prepare(entrypoint: string, { tickSeconds = 30, graceMs = 300 } = {}) {
  count += 1;
  const attemptId = `att-${count}`;
  const paths = attemptPaths(folder, attemptId);
  const script = join(folder, `${attemptId}.sh`);
  mkdirSync(paths.outputDirectory, { recursive: true });
  writeFileSync(stopFileOf(paths.directory), '');
  writeOrder(paths.order, {
    cgroups: [],
    workingDirectory: '/',
    variables: { DROVER_ATTEMPT: attemptId },
    entrypoint,
  });
  writeFileSync(script, batchScript({ attemptId, attemptDirectory: paths.directory, graceMs, tickSeconds }));
  return { paths, script, text: () => readFileSync(paths.record, 'utf8') };
}

function start(shell: string, script: string) {
  const child = spawn(shell, [script], {
    env: { PATH: process.env.PATH, SLURM_JOB_ID: '17', SLURMD_NODENAME: 'n2' },
    stdio: 'ignore',
  });
  return { child, code: once(child, 'exit').then(([code]) => code) };
}

describe.each(['/bin/sh', '/bin/bash'].filter((path) => existsSync(path)))('the supervisor run by %s', (shell) => {
  it('says who it is, where it runs and how its driver ended, and ends likewise', async () => {
    const { paths, script, text } = prepare('echo out; exit 3');
    expect(await start(shell, script).code).toBe(3);
    const record = parseRecord(text());
    expect(record).toMatchObject({ place: { jobId: '17', node: 'n2' }, exited: 3, exitCode: 3, asked: false });
    expect(record.supervisor?.pid).toBeGreaterThan(1);
    expect(record.driver?.pid).toBeGreaterThan(1);
    expect(readFileSync(paths.log, 'utf8')).toBe('out\n');
  });

  it('leaves its driver the umask that Slurm has set', async () => {
    const { paths, script } = prepare('umask');
    const wrapper = join(folder, 'wrapper.sh');
    writeFileSync(wrapper, `umask 027; exec ${shell} ${script}`);
    expect(await start(shell, wrapper).code).toBe(0);
    expect(readFileSync(paths.log, 'utf8')).toMatch(/^0*27\n$/);
  });

  it('runs nothing where another has the claim, or the order is gone', async () => {
    const claimed = prepare('echo out');
    writeFileSync(claimed.paths.record, 'withdrawn .\n');
    expect(await start(shell, claimed.script).code).toBe(113);
    expect(claimed.text()).toBe('withdrawn .\n');
    const gone = prepare('echo out');
    rmSync(gone.paths.order);
    expect(await start(shell, gone.script).code).toBe(113);
    for (const { paths } of [claimed, gone]) expect(existsSync(paths.log)).toBe(false);
  });

  it('begins one driver though it is started several times at once', async () => {
    const { paths, script } = prepare('echo begun; sleep 0.2; exit 5');
    const codes = await Promise.all(Array.from({ length: 6 }, () => start(shell, script).code));
    expect(codes.sort((a, b) => a - b)).toEqual([5, 113, 113, 113, 113, 113]);
    expect(readFileSync(paths.log, 'utf8')).toBe('begun\n');
  });

  it('hears of an end at once, however it comes between its naps', async () => {
    // An end that is heard of only with the next look at the files would take longer than the test may.
    const left = Array.from({ length: 100 }, () => prepare('true', { tickSeconds: 600 }));
    const worker = async () => {
      for (let one = left.pop(); one; one = left.pop()) expect(await start(shell, one.script).code).toBe(0);
    };
    await Promise.all(Array.from({ length: 4 }, worker));
  });

  it('finds a stop by itself, asks with its signal, and kills after its grace', async () => {
    const asked = prepare('trap "exit 8" INT; trap "exit 7" TERM; echo ready; while :; do sleep 0.05; done', {
      tickSeconds: 1,
    });
    const deaf = prepare('trap "" TERM; echo ready; while :; do sleep 0.05; done', { tickSeconds: 1 });
    const runs = [asked, deaf].map(({ script }) => start(shell, script));
    for (const { paths } of [asked, deaf]) {
      await until('ready', () => existsSync(paths.log) && readFileSync(paths.log, 'utf8').includes('ready'));
    }
    await writeStop(stopFileOf(asked.paths.directory), 'SIGINT', 60_000);
    await writeStop(stopFileOf(deaf.paths.directory), 'SIGTERM', 100);
    expect(await Promise.all(runs.map(({ code }) => code))).toEqual([8, 137]);
    expect(parseRecord(asked.text())).toMatchObject({ exitCode: 8, asked: false });
  });

  it('takes a signal without a stop for somebody else, and says so', async () => {
    const entrypoint = 'trap "exit 7" TERM; echo ready; while :; do sleep 0.05; done';
    const { paths, script, text } = prepare(entrypoint, { graceMs: 60_000 });
    const { child, code } = start(shell, script);
    await until('ready', () => existsSync(paths.log) && readFileSync(paths.log, 'utf8').includes('ready'));
    child.kill('SIGTERM');
    expect(await code).toBe(7);
    expect(parseRecord(text())).toMatchObject({ exitCode: 7, asked: true });
  });

  it('ends what the driver leaves behind before it says that all is over', async () => {
    const { paths, script, text } = prepare(
      '(setsid sh -c \'trap "" TERM; echo "left $$"; while :; do sleep 0.05; done\' &); until grep -q left "/proc/$$/fd/1"; do sleep 0.02; done; exit 4',
    );
    expect(await start(shell, script).code).toBe(4);
    expect(parseRecord(text())).toMatchObject({ exited: 4, exitCode: 4 });
    const pid = /left (\d+)/.exec(readFileSync(paths.log, 'utf8'))?.[1];
    expect(readProcess(Number(pid))).toBeNull();
  });

  it('gives signs of life', async () => {
    const { paths, script } = prepare('sleep 5', { tickSeconds: 1 });
    const { code } = start(shell, script);
    await until('a sign', () => existsSync(join(paths.directory, 'alive')));
    expect(await code).toBe(0);
  });

  it('gives them also while it waits for what was asked to end', async () => {
    const { paths, script } = prepare('trap "" TERM; echo ready; while :; do sleep 0.05; done', { tickSeconds: 1 });
    const { code } = start(shell, script);
    await until('ready', () => existsSync(paths.log) && readFileSync(paths.log, 'utf8').includes('ready'));
    await writeStop(stopFileOf(paths.directory), 'SIGTERM', 60_000);
    const alive = join(paths.directory, 'alive');
    const asOf = () => (existsSync(alive) ? statSync(alive).mtimeMs : 0);
    for (let last = asOf(), signs = 0; signs < 2; signs += 1) {
      await until('another sign', () => asOf() > last);
      last = asOf();
    }
    await writeStop(stopFileOf(paths.directory), 'SIGTERM', 0);
    expect(await code).toBe(137);
  });

  it('outlives signals that are meant for the driver', async () => {
    const { paths, script } = prepare(
      'echo ready; until [ -e "$1" ]; do sleep 0.05; done'.replace('$1', join(folder, 'go')),
    );
    const { child, code } = start(shell, script);
    await until('ready', () => existsSync(paths.log) && readFileSync(paths.log, 'utf8').includes('ready'));
    const runner = Number(/^runner (\d+)/m.exec(readFileSync(paths.record, 'utf8'))?.[1]);
    for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGQUIT'] as const) {
      child.kill(signal);
      process.kill(runner, signal);
    }
    writeFileSync(join(folder, 'go'), '');
    expect(await code).toBe(0);
    expect(parseRecord(readFileSync(paths.record, 'utf8'))).toMatchObject({ exitCode: 0, asked: false });
  });
});
