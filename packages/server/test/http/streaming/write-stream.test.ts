import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeStream } from '../../../src/http/streaming/write-stream.ts';

/** An answer whose client takes nothing until it is told to. */
function stuckAnswer() {
  const taken: (() => void)[] = [];
  const response = new Writable({
    highWaterMark: 64 * 1024,
    decodeStrings: false,
    write: (_chunk, _encoding, callback) => void taken.push(callback),
  });
  return { response, takeOne: () => taken.shift()?.() };
}

/** Chunks without end, and how many were asked for. */
function chunksOf(bytes: number) {
  const asked = { count: 0 };
  async function* chunks() {
    for (;;) {
      asked.count += 1;
      yield 'x'.repeat(bytes);
    }
  }
  return { asked, chunks: chunks() };
}

test('a slow client holds one chunk, and gets the next when that one has left', async () => {
  const { response, takeOne } = stuckAnswer();
  const { asked, chunks } = chunksOf(16 * 1024);
  const abort = new AbortController();
  const written = writeStream(response, chunks, abort.signal);
  await nextTurn();
  expect(asked.count).toBe(1);
  takeOne();
  await nextTurn();
  expect(asked.count).toBe(2);
  abort.abort();
  await written;
  expect([asked.count, response.writableEnded]).toEqual([2, false]);
});

test('small chunks go together, up to eight kilobytes', async () => {
  const { response } = stuckAnswer();
  const { asked, chunks } = chunksOf(1024);
  const abort = new AbortController();
  const written = writeStream(response, chunks, abort.signal);
  await nextTurn();
  expect(asked.count).toBe(9);
  abort.abort();
  await written;
});

test('a client that has gone is asked nothing more, although its end is told later', async () => {
  const { response } = stuckAnswer();
  const { asked, chunks } = chunksOf(16 * 1024);
  const abort = new AbortController();
  const written = writeStream(
    response.on('error', () => undefined),
    chunks,
    abort.signal,
  );
  response.destroy(new Error('gone'));
  await nextTurn();
  expect(asked.count).toBe(1);
  abort.abort();
  await written;
});

test('what the chunks reject with is handed on', async () => {
  async function* failing() {
    yield 'x';
    throw new Error('no more');
  }
  const written = writeStream(stuckAnswer().response, failing(), new AbortController().signal);
  await expect(written).rejects.toThrow('no more');
});
