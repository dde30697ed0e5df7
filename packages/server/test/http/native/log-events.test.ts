import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logEvents } from '../../../src/http/native/log-events.ts';
import type { ServerSentEvent } from '../../../src/http/streaming/server-sent-event.ts';
import type { Job } from '../../../src/job/job.ts';
import type { LogNews } from '../../../src/jobs/job-log.ts';
import { pendingJob } from '../../job/fixtures.ts';

const ENDED = pendingJob({
  status: 'FAILED',
  end: { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: 'exit code 3', exitCode: 3 },
});

const END: LogNews = { type: 'end', job: ENDED };

function output(offset: number, bytes: Uint8Array | string, attempt = 1): LogNews {
  return { type: 'output', attempt, offset, bytes: Buffer.from(bytes) };
}

async function eventsOf(news: LogNews[], offset = 0): Promise<(ServerSentEvent | null)[]> {
  async function* told() {
    yield* news;
  }
  const events: (ServerSentEvent | null)[] = [];
  for await (const event of logEvents(told(), { attempt: 1, offset })) events.push(event);
  return events;
}

/** Bytes in pieces that end at these offsets, as a log tells them. */
function cut(bytes: Uint8Array, at: number[], start: number): LogNews[] {
  const bounds = [...new Set([0, ...at, bytes.length].filter((bound) => bound <= bytes.length))].sort((a, b) => a - b);
  return bounds.slice(1).map((bound, index) => {
    const from = bounds[index] ?? 0;
    return output(start + from, bytes.subarray(from, bound));
  });
}

function bytesOf(event: ServerSentEvent | null): Buffer {
  const { text, base64 } = (event?.data ?? {}) as { text?: string; base64?: string };
  return base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');
}

test('any bytes in any pieces arrive as they are, each event with its offset and the one behind it as id', async () => {
  const pieces = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(60)), fc.nat(1000));
  await fc.assert(
    fc.asyncProperty(pieces, async ([bytes, at, start]) => {
      const events = (await eventsOf([...cut(bytes, at, start), END], start)).slice(0, -1);
      let position = start;
      for (const event of events) {
        expect(event).toMatchObject({ event: 'output', data: { offset: position } });
        position += bytesOf(event).length;
        expect(event?.id).toBe(String(position));
      }
      expect(Buffer.concat(events.map(bytesOf))).toEqual(Buffer.from(bytes));
    }),
  );
});

test('text in any pieces stays text: no character is split', async () => {
  const pieces = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.array(fc.nat(90)));
  await fc.assert(
    fc.asyncProperty(pieces, async ([text, at]) => {
      const events = (await eventsOf([...cut(Buffer.from(text), at, 0), END])).slice(0, -1);
      for (const event of events) expect(event?.data).toHaveProperty('text');
      expect(Buffer.concat(events.map(bytesOf)).toString()).toBe(text);
    }),
  );
});

test('bytes that are no text make base64 of their own piece only', async () => {
  const events = await eventsOf([
    output(0, 'fine\n'),
    output(5, Buffer.from([0x66, 0xff, 0x0a])),
    output(8, 'fine'),
    END,
  ]);
  expect(events.slice(0, 3)).toEqual([
    { id: '5', event: 'output', data: { offset: 0, text: 'fine\n' } },
    { id: '8', event: 'output', data: { offset: 5, base64: 'Zv8K' } },
    { id: '12', event: 'output', data: { offset: 8, text: 'fine' } },
  ]);
});

const EURO = Buffer.from('€');

test('half a character is held back until the rest comes, or the job has ended', async () => {
  const half = [output(0, 'a'), output(1, EURO.subarray(0, 2))];
  expect((await eventsOf([...half, output(3, EURO.subarray(2)), END])).slice(0, 2)).toEqual([
    { id: '1', event: 'output', data: { offset: 0, text: 'a' } },
    { id: '4', event: 'output', data: { offset: 1, text: '€' } },
  ]);
  for (const job of [ENDED, null]) {
    const [, rest, end] = await eventsOf([...half, { type: 'end', job }]);
    expect(rest).toEqual({ id: '3', event: 'output', data: { offset: 1, base64: '4oI=' } });
    expect(end?.event).toBe('end');
  }
});

test('without the end of the job it is left to who resumes', async () => {
  const running: LogNews = { type: 'end', job: pendingJob({ status: 'RUNNING' }) };
  expect(await eventsOf([output(0, Buffer.concat([Buffer.from('a'), EURO.subarray(0, 2)])), running])).toEqual([
    { id: '1', event: 'output', data: { offset: 0, text: 'a' } },
    { event: 'end', data: { reason: 'caught_up', status: 'RUNNING', end: null } },
  ]);
});

test('what is gone is a gap, and a character that it has cut does not spoil the text behind it', async () => {
  const cutText = Buffer.concat([EURO.subarray(1), Buffer.from('uro')]);
  expect(await eventsOf([output(100, cutText), output(4096, 'rest'), END], 0)).toEqual([
    { id: '100', event: 'gap', data: { from: 0, to: 100 } },
    { id: '102', event: 'output', data: { offset: 100, base64: 'gqw=' } },
    { id: '105', event: 'output', data: { offset: 102, text: 'uro' } },
    { id: '4096', event: 'gap', data: { from: 105, to: 4096 } },
    { id: '4100', event: 'output', data: { offset: 4096, text: 'rest' } },
    expect.objectContaining({ event: 'end' }),
  ]);
});

test('what was held back comes in front of a gap', async () => {
  const events = await eventsOf([output(0, EURO.subarray(0, 1)), output(50, 'x'), END]);
  expect(events.slice(0, 2)).toEqual([
    { id: '1', event: 'output', data: { offset: 0, base64: '4g==' } },
    { id: '50', event: 'gap', data: { from: 1, to: 50 } },
  ]);
});

test('the output of the next attempt is announced, and has ids of its own', async () => {
  const half = output(0, EURO.subarray(0, 2));
  const next = [output(0, '1', 2), output(50, '2', 2), output(0, '3', 4)];
  expect((await eventsOf([half, ...next, END])).slice(0, -1)).toEqual([
    { id: '2', event: 'output', data: { offset: 0, base64: '4oI=' } },
    { id: '2.0', event: 'attempt', data: { number: 2 } },
    { id: '2.1', event: 'output', data: { offset: 0, text: '1' } },
    { id: '2.50', event: 'gap', data: { from: 1, to: 50 } },
    { id: '2.51', event: 'output', data: { offset: 50, text: '2' } },
    { id: '4.0', event: 'attempt', data: { number: 4 } },
    { id: '4.1', event: 'output', data: { offset: 0, text: '3' } },
  ]);
});

test.each<[Job | null, ServerSentEvent]>([
  [
    ENDED,
    {
      ...{ id: 'end', event: 'end' },
      data: {
        ...{ reason: 'ended', status: 'FAILED' },
        end: { code: 'ENTRYPOINT_FAILED', message: 'exit code 3', exit_code: 3 },
      },
    },
  ],
  [null, { id: 'end', event: 'end', data: { reason: 'deleted', status: null, end: null } }],
  [pendingJob(), { event: 'end', data: { reason: 'caught_up', status: 'PENDING', end: null } }],
])('the end says why, and how the job ended', async (job, end) => {
  expect(await eventsOf([{ type: 'idle' }, { type: 'end', job }])).toEqual([null, end]);
});
