import { join } from 'node:path';
import type { Logger } from 'pino';
import type { JobStore } from '../store/store.ts';
import { type DriverTrace, joinRunSpan, passOnTrace } from './driver-trace.ts';
import { createEndedJobs } from './ended-jobs.ts';
import { createSentMark, type SentMark } from './sent-mark.ts';
import { readTraceSettings } from './settings.ts';
import { createTraceSender } from './trace-sender.ts';

export interface TracingOptions {
  store: Pick<JobStore, 'allEvents' | 'events' | 'eventBounds' | 'get' | 'pastAttempts' | 'onCommitted'>;
  /** The server's own, where OpenTelemetry is configured. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Of the server's data, where it is noted what was sent. */
  directory: string;
  nodeId: string;
  version: string;
  now: () => number;
  log: Logger;
}

/** Traces of jobs, see docs/traces.md. */
export interface Tracing {
  driverTrace: DriverTrace;
  /** Sends what is left, for a few seconds at most. */
  close(): Promise<void>;
}

/** Sends traces from now on where the environment asks for them; nothing of OpenTelemetry is loaded where it does not. Call before the first change of a job. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { store, environment, directory, nodeId, version, now, log } = options;
  const settings = readTraceSettings(environment);
  if (settings.warning !== null) log.warn(settings.warning);
  if (!settings.isOn) return { driverTrace: passOnTrace, close: async () => {} };

  log.info({ sampler: settings.sampler }, 'traces of jobs are sent by OpenTelemetry');
  const { openTraceExporter } = await import('./otlp/open-exporter.ts');
  const exporter = openTraceExporter({ settings, version, nodeId });
  const { isSampled } = exporter;
  const mark = createSentMark(join(directory, 'traces-sent'));
  const endedJobs = createEndedJobs({ store, nodeId, isSampled, now }, await placeToBegin(store, mark));
  const sender = createTraceSender({ endedJobs, exporter, mark, delayMs: settings.delayMs, now, log });
  const stopListening = store.onCommitted((_, event) => {
    if (event?.type === 'ended') sender.wake();
  });
  // What ended under the server before this one, and was not sent.
  sender.wake();
  return {
    driverTrace: joinRunSpan(nodeId, isSampled),
    close() {
      stopListening();
      return sender.close();
    },
  };
}

/** Behind what was sent. What had happened before there were traces is left out, and so it is where the store is older than the mark. */
async function placeToBegin(store: Pick<JobStore, 'eventBounds'>, mark: SentMark): Promise<number> {
  const [{ newestId }, sent] = await Promise.all([store.eventBounds(), mark.read()]);
  if (sent !== null && sent <= newestId) return sent;
  await mark.write(newestId);
  return newestId;
}
