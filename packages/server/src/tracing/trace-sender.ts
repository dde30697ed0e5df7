import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { retryDelay } from '../timing/backoff.ts';
import type { EndedJob, EndedJobs } from './ended-jobs.ts';
import type { SentMark } from './sent-mark.ts';
import { RefusedSpans, type TraceExporter } from './trace-exporter.ts';
import { createTroubleLog } from './trouble-log.ts';

export interface TraceSenderOptions {
  endedJobs: EndedJobs;
  exporter: Pick<TraceExporter, 'send'>;
  mark: Pick<SentMark, 'write'>;
  /** Longest time that spans wait for others to be sent with them. */
  delayMs: number;
  now: () => number;
  log: Logger;
}

/** Sends the spans of jobs that have ended. Whatever the collector does, it holds few of them: the others are read when there is room. */
export interface TraceSender {
  /** There may be more to read. */
  wake(): void;
  /** Reads and sends what there is, for a while; what is left then is for the next server. */
  close(): Promise<void>;
}

/** Spans that are sent together; those of one job are never parted. */
const BATCH_SPANS = 512;
/** Read ahead while the collector takes its time, so that a job that is deleted soon after its end is not missed. */
const MAX_HELD_SPANS = 4_096;
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
const CLOSE_GRACE_MS = 3_000;

export function createTraceSender(options: TraceSenderOptions): TraceSender {
  const { endedJobs, exporter, mark, delayMs, now, log } = options;
  const trouble = createTroubleLog(log, now);
  let held: EndedJob[] = [];
  let heldSpans = 0;
  let reading: Promise<void> | null = null;
  let isReadWanted = false;
  let sending: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let isClosing = false;
  let isClosed = false;

  function wake(): void {
    if (isClosed) return;
    isReadWanted = true;
    reading ??= read()
      .catch((error: unknown) => {
        log.error({ err: error }, 'could not read what is to be traced; trying again with the next job that ends');
      })
      .finally(() => {
        reading = null;
        if (isReadWanted && heldSpans < MAX_HELD_SPANS) wake();
      });
  }

  async function read(): Promise<void> {
    // Everything that was committed in this turn is read together.
    await nextTurn();
    while (isReadWanted && heldSpans < MAX_HELD_SPANS) {
      isReadWanted = false;
      const more = await endedJobs.next();
      if (more === null) return;
      isReadWanted = true;
      held.push(...more);
      for (const { traced } of more) heldSpans += traced.spans.length;
      if (held.length > 0 && failures === 0) sendIn(heldSpans >= BATCH_SPANS ? 0 : delayMs);
      await nextTurn();
    }
  }

  /** The first of those that wait decides when. */
  function sendIn(ms: number): void {
    if (sending !== null || isClosing || (timer !== undefined && ms > 0)) return;
    clearTimeout(timer);
    timer = setTimeout(send, ms);
    timer.unref();
  }

  function send(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sending ??= sendHeld()
      .catch((error: unknown) => {
        failures += 1;
        trouble.failed('traces cannot be delivered; they are sent again, and jobs do not wait for that', error);
      })
      .finally(() => {
        sending = null;
        if (failures > 0) sendIn(Math.min(retryDelay(RETRY_MS, failures), LONGEST_RETRY_MS));
        else if (held.length > 0) sendIn(delayMs);
      });
    return sending;
  }

  async function sendHeld(): Promise<void> {
    do {
      const batch = firstBatch(held);
      const last = batch.at(-1);
      if (last === undefined) return;
      try {
        await exporter.send(batch.map(({ traced }) => traced));
        trouble.succeeded();
      } catch (error) {
        if (!(error instanceof RefusedSpans)) throw error;
        trouble.failed('a collector refused spans, which are lost', error);
      }
      failures = 0;
      held = held.slice(batch.length);
      for (const { traced } of batch) heldSpans -= traced.spans.length;
      await mark.write(last.eventId);
      wake();
    } while (heldSpans >= BATCH_SPANS || isClosing);
  }

  async function finish(): Promise<void> {
    await reading;
    await sending;
    wake();
    await reading;
    await send();
    if (held.length === 0) await mark.write(endedJobs.position);
  }

  return {
    wake,
    async close() {
      isClosing = true;
      clearTimeout(timer);
      const patience = new AbortController();
      const end = finish().catch((error: unknown) => log.warn({ err: error }, 'could not note which traces were sent'));
      await Promise.race([end, delay(CLOSE_GRACE_MS, undefined, { signal: patience.signal })]);
      patience.abort();
      isClosed = true;
    },
  };
}

function firstBatch(held: readonly EndedJob[]): EndedJob[] {
  let spans = 0;
  let count = 0;
  while (count < held.length && spans < BATCH_SPANS) {
    spans += held[count]?.traced.spans.length ?? 0;
    count += 1;
  }
  return held.slice(0, count);
}
