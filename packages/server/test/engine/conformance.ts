import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../src/engine/attempt-directory.ts';
import type { AttemptOrder, Engine, EngineEvents } from '../../src/engine/engine.ts';
import { createNews, type News } from './news.ts';
import { handleOf, fixture as localFixture, orderFor } from './orders.ts';
import { until } from './until.ts';

/** How an engine is brought up for the suite. */
export interface EngineHarness {
  /** Opens one on the directory; several may be opened one after the other, or at once. */
  open(attemptsDir: string, events: EngineEvents): Promise<Engine>;
  /** Whether a process that a driver printed the pid of still runs. */
  isRunning(pid: number): boolean | Promise<boolean>;
  /** Makes the folder of a test, in which drivers may write. Absent: one of the machine's for temporary files. */
  makeFolder?(): string;
  /** The command that runs a fixture where drivers run. Absent: as on this machine. */
  fixture?(name: string, ...args: string[]): string;
}

/** What every engine does, whatever it runs drivers on. */
export function describeEngine(name: string, harness: EngineHarness): void {
  describe(`${name}, as every engine`, () => {
    let folder: string;
    let attemptsDir: string;
    let news: News;
    let engine: Engine;
    const engines: Engine[] = [];
    const fixture = harness.fixture ?? localFixture;

    async function open(): Promise<void> {
      news = createNews();
      engine = await harness.open(attemptsDir, news);
      engines.push(engine);
    }

    beforeEach(async () => {
      folder = harness.makeFolder?.() ?? mkdtempSync(join(tmpdir(), 'drover-engine-'));
      attemptsDir = mkdtempSync(join(folder, 'attempts-'));
      await open();
    });

    afterEach(async () => {
      for (const one of engines.splice(0)) await one.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const logOf = (order: AttemptOrder) => readFileSync(attemptPaths(attemptsDir, order.attemptId).log, 'utf8');
    const hasLogged = (order: AttemptOrder, text: string) =>
      until(`'${text}' in the log`, () => {
        try {
          return logOf(order).includes(text);
        } catch {
          return false; // Not there yet.
        }
      });

    async function run(order: AttemptOrder) {
      await engine.handOver(order);
      return news.endOf(order.attemptId);
    }

    it('tells when a driver began and how it ended, in this order', async () => {
      const before = Date.now();
      const order = orderFor('echo out; echo err >&2; exit 3');
      const end = await run(order);
      expect(news.all.map(({ kind }) => kind)).toEqual(['started', 'ended']);
      const started = await news.of(order.attemptId, 'started');
      expect(end).toMatchObject({ kind: 'ended', exitCode: 3, outOfMemory: false });
      expect(end).not.toHaveProperty('startFailure');
      expect(started.driverPid).toBeGreaterThan(1);
      expect(started.startedAtMs).toBeGreaterThan(before - 100);
      expect((await news.of(order.attemptId, 'ended')).endedAtMs).toBeGreaterThanOrEqual(started.startedAtMs);
      expect(logOf(order)).toBe('out\nerr\n');
    });

    it.each([
      ['exit 0', 0],
      ['exit 255', 255],
      ['kill -KILL $$', 137],
      ['kill -TERM $$', 143],
      ['kill -INT $$', 130],
      ['no-such-command-anywhere', 127],
    ])('reports the code of %j as the shell does', async (entrypoint, exitCode) => {
      expect(await run(orderFor(entrypoint))).toMatchObject({ kind: 'ended', exitCode });
    });

    it.each(['KILL', 'TERM', 'ABRT'])(
      'writes nothing of its own into the log of a driver that SIG%s ends',
      async (signal) => {
        const order = orderFor(`echo last; kill -${signal} $$`);
        await run(order);
        expect(logOf(order)).toBe('last\n');
      },
    );

    it('keeps binary output as it is', async () => {
      const order = orderFor(fixture('print-binary.mjs'));
      expect(await run(order)).toMatchObject({ exitCode: 0 });
      const bytes = readFileSync(attemptPaths(attemptsDir, order.attemptId).log);
      expect(bytes.length).toBe(25_600);
      expect(bytes.every((byte, index) => byte === index % 256)).toBe(true);
    });

    it('hands variables and arguments over unchanged, whatever is in them', async () => {
      const odd = `'"\`$(echo no)\\\n\t!#&*;<>?[]{}|~ \u00c1\u4e2d\u{1f40e}\u0081 $HOME %s\\n`;
      const long = `${odd}x`.repeat(1500);
      const order = orderFor(fixture('print-environment.mjs', odd, '', ' '), {
        variables: {
          ODD: odd,
          LONG: long,
          EMPTY: '',
          UID: '77',
          PS4: '$(exit 1)',
          entrypoint: 'mine',
        },
        workingDirectory: folder,
      });
      expect(await run(order)).toMatchObject({ exitCode: 0 });
      const { environment, args, directory } = JSON.parse(logOf(order));
      expect(args).toEqual([odd, '', ' ']);
      expect(directory).toBe(folder);
      expect(environment).toMatchObject(order.variables);
      expect(environment.DROVER_ATTEMPT).toBe(order.attemptId);
    });

    it('takes an entrypoint of many lines and every shell character', async () => {
      const order = orderFor(
        `for word in 'a  b' "c'd" \\$e; do\n  printf '%s|' "$word"\ndone # 'ends here\necho "$((1 + 1))" && ! false`,
      );
      expect(await run(order)).toMatchObject({ exitCode: 0 });
      expect(logOf(order)).toBe("a  b|c'd|$e|2\n");
    });

    it('starts drivers with nothing ignored, nothing open, no input, and a session of their own', async () => {
      const order = orderFor(fixture('print-inheritance.sh'));
      expect(await run(order)).toMatchObject({ exitCode: 0 });
      expect(logOf(order)).toBe('SigIgn:\t0000000000000000\nleader\n');
    });

    it('goes on with a driver that closes its output', async () => {
      const order = orderFor('exec >&- 2>&-; sleep 0.05; exit 5');
      expect(await run(order)).toMatchObject({ exitCode: 5 });
    });

    it('says why where the working directory is gone, and runs nothing', async () => {
      const order = orderFor('echo ran', { workingDirectory: join(folder, 'nowhere') });
      const end = await run(order);
      expect(end).toMatchObject({
        kind: 'ended',
        exitCode: 126,
        startFailure: expect.stringContaining('working directory'),
      });
      expect(news.all).toHaveLength(1);
      expect(logOf(order)).toBe(
        `drover: the driver was not started: its working directory cannot be entered: ${join(folder, 'nowhere')}\n`,
      );
    });

    it('rejects an order that cannot be written, and starts nothing', async () => {
      const order = orderFor('echo ran', { variables: { NUL: 'a\0b' } });
      await expect(engine.handOver(order)).rejects.toThrow('NUL');
      expect(await run(orderFor('true'))).toMatchObject({ exitCode: 0 });
      expect(news.all.filter(({ attemptId }) => attemptId === order.attemptId)).toEqual([]);
    });

    it('asks with SIGTERM first', async () => {
      const order = orderFor(fixture('end-on-term.sh'));
      await engine.handOver(order);
      await hasLogged(order, 'ready');
      engine.stop(order.attemptId, 60_000);
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
      expect(logOf(order)).toContain('asked\n');
    });

    it('asks with SIGINT where the stop says so', async () => {
      const order = orderFor(fixture('end-on-int.sh'));
      await engine.handOver(order);
      await hasLogged(order, 'ready');
      engine.stop(order.attemptId, 60_000, 'SIGINT');
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 8 });
      expect(logOf(order)).toContain('interrupted\n');
      expect(logOf(order)).not.toContain('asked\n');
    });

    it('kills what refuses to end, and not before its grace is over', async () => {
      const order = orderFor(fixture('ignore-term.sh'));
      await engine.handOver(order);
      await hasLogged(order, 'ready');
      const from = performance.now();
      engine.stop(order.attemptId, 400);
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 137 });
      expect(performance.now() - from).toBeGreaterThanOrEqual(400);
    });

    it('shortens the grace of a stop that is asked for again', async () => {
      const order = orderFor(fixture('ignore-term.sh'));
      await engine.handOver(order);
      await hasLogged(order, 'ready');
      engine.stop(order.attemptId, 3_600_000);
      engine.stop(order.attemptId, 0);
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 137 });
    });

    it('stops an attempt at once after its hand-over: whatever ran has ended', async () => {
      const order = orderFor(fixture('ignore-term.sh'));
      await engine.handOver(order);
      engine.stop(order.attemptId, 0);
      const end = await news.endOf(order.attemptId);
      expect(['ended', 'withdrawn']).toContain(end.kind);
      if (end.kind === 'ended') expect(end.exitCode).toBeGreaterThanOrEqual(128);
    });

    it('knows nothing to stop in an attempt that has ended', async () => {
      const order = orderFor('true');
      await run(order);
      engine.stop(order.attemptId, 0);
      expect(await run(orderFor('exit 9'))).toMatchObject({ exitCode: 9 });
      expect(news.all.filter(({ attemptId }) => attemptId === order.attemptId)).toHaveLength(2);
    });

    it.each(['leave-child.sh', 'escape.sh'])('ends what %s leaves behind before it tells the end', async (name) => {
      const order = orderFor(fixture(name), { graceMs: 200 });
      const end = await run(order);
      expect(end).toMatchObject({ kind: 'ended', exitCode: name === 'escape.sh' ? 4 : 0 });
      const pid = Number(/\d+/.exec(logOf(order))?.[0]);
      expect(pid).toBeGreaterThan(1);
      expect(await harness.isRunning(pid)).toBe(false);
    });

    it('ends a tree that never stands still', async () => {
      const order = orderFor(fixture('hop.sh', '100000'), { graceMs: 1000 });
      await engine.handOver(order);
      await hasLogged(order, 'ready');
      engine.stop(order.attemptId, 1000);
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 143 });
    });

    it('adopts what runs when it is opened again, and follows it to its true end', async () => {
      const released = join(folder, 'released');
      const order = orderFor(fixture('wait-for-file.sh', released, '42'));
      await engine.handOver(order);
      const started = await news.of(order.attemptId, 'started');
      await hasLogged(order, 'ready');
      await engine.close();
      await open();
      engine.follow(handleOf(order, engine.bootId));
      expect(await news.of(order.attemptId, 'started')).toMatchObject({ driverPid: started.driverPid });
      writeFileSync(released, '');
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 42 });
      expect(logOf(order)).toBe('ready\nreleased\n');
    });

    it('finds out what ended while it was closed', async () => {
      const released = join(folder, 'released');
      const order = orderFor(fixture('wait-for-file.sh', released, '43'));
      await engine.handOver(order);
      await hasLogged(order, 'ready');
      await engine.close();
      writeFileSync(released, '');
      await hasLogged(order, 'released');
      await open();
      engine.follow(handleOf(order, engine.bootId, true));
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 43 });
    });

    it('stops what it adopted', async () => {
      const order = orderFor(fixture('end-on-term.sh'));
      await engine.handOver(order);
      await hasLogged(order, 'ready');
      await engine.close();
      await open();
      engine.follow(handleOf(order, engine.bootId, true));
      engine.stop(order.attemptId, 60_000);
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
    });

    it('withdraws an attempt that nobody claimed and whose files are gone', async () => {
      const order = orderFor('true');
      engine.follow(handleOf(order, engine.bootId));
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
    });

    it('tells nothing after it was closed', async () => {
      const order = orderFor(fixture('wait-for-file.sh', join(folder, 'released'), '0'));
      await engine.handOver(order);
      await hasLogged(order, 'ready');
      await engine.close();
      const told = news.all.length;
      const first = news;
      writeFileSync(join(folder, 'released'), '');
      await open();
      engine.follow(handleOf(order, engine.bootId, true));
      await news.endOf(order.attemptId);
      expect(first.all).toHaveLength(told);
    });

    it('starts a driver once though two engines hand the same attempt over', async () => {
      const mark = join(folder, 'mark');
      const otherNews = createNews();
      const other = await harness.open(attemptsDir, otherNews);
      engines.push(other);
      const orders = Array.from({ length: 20 }, () => orderFor(`echo "$DROVER_ATTEMPT" >>'${mark}'`));
      await Promise.all(orders.flatMap((order) => [engine.handOver(order), other.handOver(order)]));
      for (const { attemptId } of orders) {
        expect(await news.endOf(attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
        expect(await otherNews.endOf(attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
      }
      const ran = readFileSync(mark, 'utf8').trim().split('\n');
      expect(ran.sort()).toEqual(orders.map(({ attemptId }) => attemptId).sort());
    });
  });
}
