import type { Job } from '../../job/job.ts';
import type { JobService } from '../../jobs/service.ts';
import { logEpilogue, logPreamble } from './log-preamble.ts';

type LogService = Pick<JobService, 'get' | 'waitFor' | 'log'>;

/** So long is waited for one look; then again. */
const WAIT_MS = 60_000;

/** The log of a job as it is now, as Ray shows it: as text, whatever bytes it has. */
export async function* readLogText(service: LogService, job: Job, signal: AbortSignal): AsyncGenerator<string> {
  yield logPreamble(job);
  const log = service.log(job.id);
  const extent = await log.extent();
  if (extent !== null) yield* decode(log.read(extent.firstByte, extent.endByte, signal));
  yield logEpilogue(job);
}

/** The log from its beginning on, as it is written; ends when the job has ended, which is on disk by then. */
export async function* followLogText(service: LogService, id: string, signal: AbortSignal): AsyncGenerator<string> {
  // Nothing of the driver may come before the preamble, which needs the driver.
  const begun = await waitUntil(service, id, signal);
  if (begun === null) return;
  yield logPreamble(begun);
  yield* decode(service.log(id).follow(0, signal));
  const ended = await service.get(id);
  if (ended !== null && !signal.aborted) yield logEpilogue(ended);
}

async function waitUntil(service: LogService, id: string, signal: AbortSignal): Promise<Job | null> {
  while (!signal.aborted) {
    const job = await service.waitFor(id, ({ status }) => status !== 'PENDING', { timeoutMs: WAIT_MS, signal });
    if (job === null || job.status !== 'PENDING') return job;
  }
  return null;
}

/** Whole characters only; what is no UTF-8 becomes the replacement character. */
async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}
