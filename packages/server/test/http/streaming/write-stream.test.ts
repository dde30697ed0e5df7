import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createOpenStreams } from '../../../src/http/streaming/open-streams.ts';
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

/** A server whose answers are what `chunks` makes; `written` resolves when the writing is over. */
async function serving(chunks: () => AsyncGenerator<Uint8Array | string>) {
  const written = Promise.withResolvers<void>();
  const answer = async (response: ServerResponse) => {
    const signal = createOpenStreams().open(response, { endsWithServer: false });
    await writeStream(response, chunks(), signal);
    if (!signal.aborted) response.end();
  };
  const server = createServer((_, response) => void answer(response).then(written.resolve, written.reject));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, written: written.promise };
}

test('chunks arrive whole and in order, and each has given its memory back when the next is asked for', async () => {
  const left: number[] = [];
  const { url, written } = await serving(async function* () {
    for (let value = 1; value <= 40; value += 1) {
      const chunk = new Uint8Array(64 * 1024).fill(value);
      yield chunk;
      left.push(chunk.byteLength);
    }
    yield 'ende';
    const small = Buffer.from('!');
    yield small;
    left.push(small.byteLength);
  });
  const body = Buffer.from(await (await fetch(url)).arrayBuffer());
  await written;
  expect(left).toEqual([...Array.from({ length: 40 }, () => 0), 1]);
  const expected = Array.from({ length: 40 }, (_, index) => Buffer.alloc(64 * 1024, index + 1));
  expect(body.equals(Buffer.concat([...expected, Buffer.from('ende!')]))).toBe(true);
});
