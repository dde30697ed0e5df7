import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { createHttpServer, type HttpServerOptions } from '../../src/http/create-http-server.ts';
import { readScheduledJob } from '../../src/http/native/scheduled-job.ts';
import type { Job } from '../../src/job/job.ts';
import { createMetrics } from '../../src/metrics/create-metrics.ts';
import { openQueueService } from '../../src/queues/queue-service.ts';
import { openScheduleService } from '../../src/schedules/open-schedule-service.ts';
import { until as untilAnswer } from '../engine/until.ts';
import { createMemoryPackages } from '../packages/memory-packages.ts';
import { memoryRuleStore } from '../queues/memory-rule-store.ts';
import { ruleScheduler } from '../queues/rule-scheduler.ts';
import { memoryScheduleStore } from '../schedules/memory-schedule-store.ts';
import { noWebhooks } from '../webhooks/no-webhooks.ts';
import { createFakeService, type FakeService, NODE } from './fake-service.ts';

export interface TestServer {
  url: string;
  /** Of the second listener, where the test has asked for one. */
  rayUrl: string | null;
  port: number;
  service: FakeService;
  /** What the operator's log got, from level debug on. */
  logLines: Record<string, unknown>[];
  close(): Promise<void>;
}

/** A server on a free port over a fresh fake service; closed when the test ends. */
export async function startServer(overrides: Partial<HttpServerOptions> = {}): Promise<TestServer> {
  const { closeAll, ...server } = await startLastingServer(overrides);
  onTestFinished(closeAll);
  return server;
}

/** As {@link startServer}, until `closeAll` is called. */
export async function startLastingServer(
  overrides: Partial<HttpServerOptions> = {},
): Promise<TestServer & { closeAll(): Promise<void> }> {
  const service = createFakeService();
  const logLines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logLines.push(JSON.parse(line)) });
  const schedules = await openScheduleService({
    ...{ store: memoryScheduleStore(), jobs: service, readJob: readScheduledJob, now: Date.now, log },
  });
  const server = await createHttpServer({
    ...{ host: '127.0.0.1', port: 0, service, log, version: '1.2.3', nodeId: NODE.id },
    packages: createMemoryPackages(),
    metrics: createMetrics(new Registry(), { version: '1.2.3' }),
    cluster: () => ({ waiting: 0, running: 0, engines: [], nodes: [] }),
    queues: await openQueueService({ store: memoryRuleStore(), scheduler: ruleScheduler() }),
    webhooks: noWebhooks(),
    schedules,
    jobDetails: { timeUnit: 'seconds', pipName: 'pip3.9' },
    ...{ readToken: () => null, allowedHosts: [], bodyLimitBytes: 64 * 1024, isReady: () => true },
    ...overrides,
    limits: { closeGraceMs: 500, ...overrides.limits },
  });
  const { url, rayUrl } = await server.listen();
  async function closeAll(): Promise<void> {
    await server.close();
    await schedules.close();
  }
  return { url, rayUrl, port: Number(new URL(url).port), service, logLines, close: server.close, closeAll };
}

/** Submits straight to the service. */
export function submitted(
  service: FakeService,
  given: { id?: string; entrypoint?: string; metadata?: Record<string, string> } = {},
): Promise<Job> {
  return service.submit({
    ...{ id: given.id ?? null, tenant: 'default', door: 'openyuanrong', entrypoint: given.entrypoint ?? 'true' },
    ...{ runtimeEnv: { working_dir: '/srv/app' }, metadata: given.metadata ?? {}, poolLabels: [], stopGraceMs: null },
    resources: { cpus: 0, gpus: 0, memoryBytes: 0, custom: {} },
  });
}

export function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
}

export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
  /** Everything that came on the connection. */
  text: string;
}

/** Sends bytes as they are, and reads until the server closes the connection; so most requests want `Connection: close`. */
export async function sendRaw(port: number, ...parts: string[]): Promise<RawAnswer> {
  const socket = await openSocket(port);
  for (const part of parts) socket.write(part);
  let text = '';
  for await (const chunk of socket) text += chunk.toString('latin1');
  return parseAnswer(text);
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** A request with `Connection: close`; `lines` are further headers. */
export function rawRequest(startLine: string, lines: string[] = ['Host: localhost']): string {
  return `${[`${startLine} HTTP/1.1`, ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`;
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const [name = '', ...value] = line.split(': ');
      return [name.toLowerCase(), value.join(': ')];
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n'), text };
}

/** Resolves when the condition holds. @throws where it does not in time */
export async function until(condition: () => boolean): Promise<void> {
  await untilAnswer(String(condition), condition);
}
