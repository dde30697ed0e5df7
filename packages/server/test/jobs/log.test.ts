import { appendFile, chown, mkdir, open, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AttemptPaths, attemptPaths } from '../../src/engine/attempt-directory.ts';
import type { Job, PastAttempt } from '../../src/job/job.ts';
import type { LogNews, LogNewsOptions } from '../../src/jobs/job-log.ts';
import { createJobWatchers, type JobWatchers } from '../../src/jobs/job-watchers.ts';
import { CHUNK_BYTES } from '../../src/jobs/log/log-file.ts';
import { openJobLog } from '../../src/jobs/log/open-job-log.ts';
import { createSlots } from '../../src/timing/slots.ts';
import { attempt, pendingJob } from '../job/fixtures.ts';
import { useDirectory } from '../server/use-directory.ts';

const directory = useDirectory();
let paths: AttemptPaths;
let job: Job | null;
let watchers: JobWatchers;
let past: PastAttempt[];

beforeEach(() => {
  paths = attemptPaths(directory.path, 'att-1');
  job = pendingJob();
  past = [];
  watchers = createJobWatchers();
});

const reading = createSlots(1);

const log = () =>
  openJobLog(
    { attemptsDir: directory.path, get: async () => job, pastAttempts: async () => past, watchers, reading },
    'app-1',
  );

function become(changed: Job | null): void {
  job = changed;
  watchers.tell('app-1', changed);
}

async function handOver(): Promise<void> {
  await mkdir(paths.outputDirectory, { recursive: true });
  become(pendingJob({ attempt: attempt() }));
}

const finished = () => pendingJob({ status: 'SUCCEEDED', attempt: attempt(), endedAtMs: 9_000 });

/** Reads on its own, so that a test can wait for what it has read. */
function reader(chunks: AsyncIterable<Uint8Array>): { text(): string; done: Promise<void> } {
  let text = '';
  const done = (async () => {
    for await (const chunk of chunks) text += Buffer.from(chunk).toString('latin1');
  })();
  return { text: () => text, done };
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const read = reader(chunks);
  await read.done;
  return read.text();
}

describe('following a log', () => {
  it('waits for the driver, tells every write, and ends with the job', async () => {
    const read = reader(log().follow(0));
    await handOver();
    await writeFile(paths.log, 'one\n');
    await expect.poll(read.text).toBe('one\n');
    await appendFile(paths.log, 'two\n');
    await expect.poll(read.text).toBe('one\ntwo\n');
    await appendFile(paths.log, 'last words');
    become(finished());
    await read.done;
    expect(read.text()).toBe('one\ntwo\nlast words');
  });

  it('is not looked at for every write of a driver that writes all the time', async () => {
    await handOver();
    await writeFile(paths.log, '');
    let looks = 0;
    const get = async () => {
      looks += 1;
      return job;
    };
    const source = { attemptsDir: directory.path, get, pastAttempts: async () => past, watchers, reading };
    const begin = performance.now();
    const read = reader(openJobLog(source, 'app-1').follow(0));
    const file = await open(paths.log, 'a');
    for (let line = 0; line < 3_000; line += 1) await file.write(`${line}\n`);
    await file.close();
    become(finished());
    await read.done;
    expect(read.text().split('\n')).toHaveLength(3_001);
    // Timers may be early by a millisecond.
    expect(looks).toBeLessThan((performance.now() - begin) / 9 + 5);
  });

  it('begins at the offset it is given', async () => {
    await handOver();
    await writeFile(paths.log, '0123456789');
    become(finished());
    expect(await readAll(log().follow(4))).toBe('456789');
    expect(await readAll(log().follow(99))).toBe('');
  });

  it('ends at once for a job that ended before it had a driver', async () => {
    become(pendingJob({ status: 'FAILED', endedAtMs: 9_000 }));
    expect(await readAll(log().follow(0))).toBe('');
  });

  it('reads to the end although the job is deleted with its files meanwhile', async () => {
    await handOver();
    const bytes = 1_000_000;
    await writeFile(paths.log, 'x'.repeat(bytes));
    become(finished());
    let length = 0;
    for await (const chunk of log().follow(0)) {
      if (length === 0) {
        become(null);
        await rm(paths.directory, { recursive: true });
      }
      length += chunk.length;
    }
    expect(length).toBe(bytes);
  });

  it('ends when the reader gives up, also while nothing happens', async () => {
    const abort = new AbortController();
    const read = reader(log().follow(0, abort.signal));
    abort.abort();
    await read.done;
  });

  it('goes on with the next attempt where the first was withdrawn without a driver', async () => {
    const read = reader(log().follow(0));
    await handOver();
    become(pendingJob({ attempt: null }));
    const next = attemptPaths(directory.path, 'att-2');
    await mkdir(next.outputDirectory, { recursive: true });
    await writeFile(next.log, 'second\n');
    become(pendingJob({ status: 'SUCCEEDED', attempt: attempt('att-2') }));
    await read.done;
    expect(read.text()).toBe('second\n');
  });
});

describe('news of a log', () => {
  const options = { attempt: null, start: 0, isFollowing: true, chunkBytes: 4, idleMs: 60_000 };

  async function newsOf(given: Partial<LogNewsOptions>): Promise<LogNews[]> {
    const told: LogNews[] = [];
    for await (const item of log().news({ ...options, ...given }, new AbortController().signal)) told.push(item);
    return told;
  }

  it('are bytes with their offsets, no more at once than asked for, and at last the job as it ended', async () => {
    await handOver();
    await writeFile(paths.log, '0123456789');
    become(finished());
    const output = (offset: number, text: string) => ({
      ...{ type: 'output', attempt: 1, offset, bytes: Buffer.from(text) },
    });
    expect(await newsOf({ start: 3 })).toEqual([output(3, '3456'), output(7, '789'), { type: 'end', job: finished() }]);
    await writeFile(paths.logFirstByte, '8');
    expect((await newsOf({}))[0]).toEqual(output(8, '89'));
  });

  it('end with what there is where nobody follows, and with null where the job was deleted', async () => {
    expect(await newsOf({ isFollowing: false })).toEqual([{ type: 'end', job: pendingJob() }]);
    const told = newsOf({});
    become(null);
    expect(await told).toEqual([{ type: 'end', job: null }]);
  });

  it('tell of a silence, again and again', async () => {
    const told: string[] = [];
    for await (const { type } of log().news({ ...options, idleMs: 1 }, new AbortController().signal)) {
      told.push(type);
      if (told.length === 2) become(finished());
    }
    expect(told).toEqual(['idle', 'idle', 'end']);
  });

  it('have no end where the reader gives up', async () => {
    await handOver();
    await writeFile(paths.log, '0123456789');
    become(finished());
    const abort = new AbortController();
    const told: string[] = [];
    for await (const { type } of log().news(options, abort.signal)) {
      told.push(type);
      abort.abort();
    }
    expect(told).toEqual(['output']);
  });
});

describe('a job that is tried again', () => {
  /** The attempts before this one, of which the first has no output: its environment failed. */
  async function tryAgain(number: number, output: string, fields: Partial<Job> = {}): Promise<void> {
    const made = number - 1;
    const end = { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: '', exitCode: 1 } as const;
    past = Array.from({ length: made }, (_, index) => ({
      ...{ number: index + 1, end, endedAtMs: 3_000, logBytes: 0 },
      attempt: index === 0 ? null : { ...attempt(`att-${index + 1}`), number: index + 1 },
    }));
    const next = { ...attempt(`att-${number}`), number };
    const { outputDirectory, log: path } = attemptPaths(directory.path, next.id);
    await mkdir(outputDirectory, { recursive: true });
    await writeFile(path, output);
    const last = past.at(-1);
    become(pendingJob({ attempt: next, retry: last ? { made, notBeforeMs: 0, last } : null, ...fields }));
  }

  it('is followed from one attempt to the next, also past those that came and went meanwhile', async () => {
    await tryAgain(2, 'two\n');
    const read = reader(log().follow(1));
    await expect.poll(read.text).toBe('wo\n');
    await appendFile(attemptPaths(directory.path, 'att-2').log, 'last of two\n');
    await tryAgain(3, 'three\n');
    await tryAgain(4, 'four\n');
    await tryAgain(5, 'five\n', { status: 'SUCCEEDED' });
    await read.done;
    expect(read.text()).toBe('wo\nlast of two\nthree\nfour\nfive\n');
  });

  it('is read from the attempt that is named, or the next that has output', async () => {
    await tryAgain(3, 'three\n', { status: 'SUCCEEDED' });
    await mkdir(attemptPaths(directory.path, 'att-2').outputDirectory, { recursive: true });
    await writeFile(attemptPaths(directory.path, 'att-2').log, 'two\n');
    const readFrom = async (number: number, start: number) => {
      const told: string[] = [];
      const options = { attempt: number, start, isFollowing: false, chunkBytes: 100, idleMs: 60_000 };
      for await (const item of log().news(options, new AbortController().signal)) {
        if (item.type === 'output') told.push(`${item.attempt}.${item.offset} ${Buffer.from(item.bytes)}`);
      }
      return told;
    };
    expect(await readFrom(2, 1)).toEqual(['2.1 wo\n', '3.0 three\n']);
    expect(await readFrom(1, 9)).toEqual(['2.0 two\n', '3.0 three\n']);
    expect(await readFrom(3, 4)).toEqual(['3.4 e\n']);
    expect(await readFrom(4, 0)).toEqual([]);
  });

  it('ends with the job where it is stopped before the next attempt', async () => {
    await tryAgain(2, 'two\n');
    const read = reader(log().follow(0));
    await expect.poll(read.text).toBe('two\n');
    await tryAgain(3, '', { attempt: null });
    become(pendingJob({ ...job, status: 'STOPPED' }));
    await read.done;
    expect(read.text()).toBe('two\n');
  });
});

describe('a log whose front is dropped while it is read', () => {
  const CHUNK = CHUNK_BYTES;
  const whole = Buffer.alloc(10 * CHUNK, 'x');

  beforeEach(async () => {
    await handOver();
    await writeFile(paths.log, whole);
    become(finished());
  });

  /** As the engine does it: the mark first, then the hole. */
  async function dropFront(bytes: number): Promise<void> {
    await writeFile(paths.logFirstByte, String(bytes));
    const file = await open(paths.log, 'r+');
    await file.write(Buffer.alloc(bytes), 0, bytes, 0);
    await file.close();
  }

  it('is followed at the first byte that is kept', async () => {
    const read: Uint8Array[] = [];
    for await (const chunk of log().follow(0)) {
      read.push(chunk);
      if (read.length === 1) await dropFront(5 * CHUNK);
    }
    expect(Buffer.concat(read).equals(whole.subarray(0, 6 * CHUNK))).toBe(true);
  });

  it('is broken off where a range was asked for', async () => {
    let length = 0;
    for await (const chunk of log().read(0, whole.length)) {
      expect(chunk.includes(0)).toBe(false);
      length += chunk.length;
      if (length === CHUNK) await dropFront(5 * CHUNK);
    }
    expect(length).toBe(CHUNK);
  });

  it('may hold zeros of its own', async () => {
    await writeFile(paths.log, Buffer.alloc(CHUNK + 1));
    expect((await readAll(log().follow(0))).length).toBe(CHUNK + 1);
  });
});

describe('reading a log', () => {
  beforeEach(async () => {
    await handOver();
    become(finished());
  });

  it('tells which bytes there are', async () => {
    expect(await log().extent()).toEqual({ firstByte: 0, endByte: 0 });
    await writeFile(paths.log, 'x'.repeat(10_000));
    expect(await log().extent()).toEqual({ firstByte: 0, endByte: 10_000 });
    await writeFile(paths.logFirstByte, '4096');
    expect(await log().extent()).toEqual({ firstByte: 4_096, endByte: 10_000 });
    become(null);
    expect(await log().extent()).toBeNull();
  });

  it('gives the bytes of a range, none that were dropped, and none that are not there', async () => {
    await writeFile(paths.log, 'abcdefghij');
    expect(await readAll(log().read(2, 5))).toBe('cde');
    expect(await readAll(log().read(8, 99))).toBe('ij');
    await writeFile(paths.logFirstByte, '4');
    expect(await readAll(log().read(0, 6))).toBe('ef');
    expect(await readAll(log().follow(0))).toBe('efghij');
  });

  it('gives bytes as they are, whatever they mean', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    await writeFile(paths.log, bytes);
    expect(await readAll(log().read(0, 256))).toBe(bytes.toString('latin1'));
  });

  it.each([
    ['a\nb\nc\n', 1, 'c\n'],
    ['a\nb\nc\n', 2, 'b\nc\n'],
    ['a\nb\nc', 1, 'c'],
    ['a\nb\nc', 2, 'b\nc'],
    ['a\nb\n', 5, 'a\nb\n'],
    ['a\n\n\n', 2, '\n\n'],
    ['', 3, ''],
    ['a\n', 0, ''],
  ])('finds the tail of %j: %i lines', async (text, lines, tail) => {
    await writeFile(paths.log, text);
    expect(await readAll(log().read(await log().offsetOfTail(lines), text.length))).toBe(tail);
  });

  it('finds the tail over the bounds of its chunks', async () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}\n`);
    await writeFile(paths.log, lines.join(''));
    const tail = await readAll(log().read(await log().offsetOfTail(20_000), Number.MAX_SAFE_INTEGER));
    expect(tail).toBe(lines.slice(-20_000).join(''));
  });
});

describe('what stands in the place of a log', () => {
  const readIt = async () => [await readAll(log().read(0, 1_000)), await log().offsetOfTail(1)];

  it('is not read through a link: it may be the driver that made it', async () => {
    await handOver();
    const secret = join(directory.path, 'secret');
    await writeFile(secret, 'of the server');
    await symlink(secret, paths.log);
    expect((await readIt())[0]).toBe('');
  });

  it.skipIf(process.getuid?.() !== 0)(
    'is read as the file of whom the folder belongs to alone (needs root)',
    async () => {
      await handOver();
      const elsewhere = join(directory.path, 'elsewhere');
      await mkdir(elsewhere);
      await writeFile(join(elsewhere, 'log'), 'of the server');
      await rm(paths.outputDirectory, { recursive: true });
      await symlink(elsewhere, paths.outputDirectory);
      await chown(paths.directory, 65_534, 65_534);
      expect((await readIt())[0]).toBe('');
      await chown(join(elsewhere, 'log'), 65_534, 65_534);
      expect((await readIt())[0]).toBe('of the server');
    },
  );
});
