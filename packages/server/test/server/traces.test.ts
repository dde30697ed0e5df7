import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../engine/until.ts';
import { postJson } from '../http/harness.ts';
import { type Collector, type ReceivedSpan, startCollector } from '../tracing/collector.ts';
import { ended, eventually, logs, running, stop, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const CALLED = { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01`, tracestate: 'vendor=1' };

let collector: Collector;

beforeEach(async () => {
  collector = await startCollector();
});

afterEach(() => collector.close());

// Registered last, so that it ends before its collector.
const server = useServer();

/** @param variables beyond those that turn traces on */
async function start(variables: Record<string, string> = {}): Promise<void> {
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '0' };
  await server.start([], { ...traced, ...variables });
}

async function submitNatively(body: object, headers: Record<string, string> = {}): Promise<string> {
  const answer = await postJson(`${server.url}/api/v1/jobs`, body, headers);
  if (answer.status !== 201) throw new Error(await answer.text());
  const { id } = (await answer.json()) as { id: string };
  return id;
}

/** The spans of a job, once they are there. */
function traceOf(jobId: string): Promise<ReceivedSpan[]> {
  return eventually(`the trace of ${jobId}`, async () => {
    const spans = collector.spans.filter((span) => span.attributes['drover.job.id'] === jobId);
    return spans.some(({ name }) => name === 'job') && spans;
  });
}

function the(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const [span, another] = spans.filter((one) => one.name === name);
  if (span === undefined || another !== undefined) throw new Error(`not one span ${name}: ${JSON.stringify(spans)}`);
  return span;
}

/** What the spans look like as a tree, `parent/name` in the order of their begin. */
function shapeOf(spans: readonly ReceivedSpan[]): string[] {
  const nameOf = (id: string) => spans.find((span) => span.id === id)?.name ?? '';
  return [...spans]
    .sort((a, b) => a.beganAtMs - b.beganAtMs || a.name.localeCompare(b.name))
    .map(({ name, parentId }) => (nameOf(parentId) === '' ? name : `${nameOf(parentId)}/${name}`));
}

const ATTEMPT = ['job/attempt', 'attempt/launch', 'attempt/run'];

describe('the trace of a job', () => {
  it('tells of its wait, and of the launch and run of its attempt', async () => {
    await start({
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret',
    });
    const id = await submitNatively({ entrypoint: 'sleep 0.2; exit 3' }, { 'x-tenant-id': 'physics' });
    await ended(server.url, id);
    const spans = await traceOf(id);

    expect([...shapeOf(spans)].sort()).toEqual(['job', 'job/wait', ...ATTEMPT].sort());
    const [job, run] = [the(spans, 'job'), the(spans, 'run')];
    expect(job.parentId).toBe('');
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([job.traceId]));
    expect(job.attributes).toMatchObject({
      'drover.job.id': id,
      'drover.queue': 'default',
      'drover.tenant': 'physics',
      'drover.api': 'native',
      'drover.status': 'FAILED',
      'drover.end_code': 'ENTRYPOINT_FAILED',
      'drover.exit_code': 3,
      'drover.attempts': 1,
    });
    expect(run.attributes).toMatchObject({
      'drover.attempt.number': 1,
      'drover.engine': 'local',
      'drover.exit_code': 3,
    });
    expect(job.failure).toBe('the entrypoint ended with exit code 3');
    expect([run.failure, the(spans, 'attempt').failure]).toEqual([job.failure, job.failure]);
    expect([the(spans, 'wait').failure, the(spans, 'launch').failure]).toEqual([null, null]);
    expect(run.endedAtMs - run.beganAtMs).toBeGreaterThanOrEqual(190);
    expect(job.endedAtMs).toBe(run.endedAtMs);
    expect(the(spans, 'launch').endedAtMs).toBe(run.beganAtMs);
    expect(job.resource).toMatchObject({ 'service.name': 'drover', 'deployment.environment': 'test' });
    expect(collector.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'secret' } });
  });

  it('goes on with that of its submit, whichever API it came through, and with its driver', async () => {
    await start();
    const entrypoint = 'echo $TRACEPARENT $TRACESTATE';
    const workingDir = { working_dir: '/tmp' };
    const native = await submitNatively({ entrypoint }, CALLED);
    await postJson(`${server.url}/ray/api/jobs/`, { entrypoint, submission_id: 'raysubmit_1' }, CALLED);
    await postJson(`${server.url}/api/jobs`, { entrypoint, submission_id: 'app-1', runtime_env: workingDir }, CALLED);
    for (const id of [native, 'raysubmit_1', 'app-1']) {
      await ended(server.url, id);
      const spans = await traceOf(id);
      expect(spans.map(({ traceId }) => traceId)).toEqual(spans.map(() => CALLER.traceId));
      expect(the(spans, 'job')).toMatchObject({ parentId: CALLER.spanId, traceState: 'vendor=1' });
      expect(await logs(server.url, id)).toBe(`00-${CALLER.traceId}-${the(spans, 'run').id}-01 vendor=1\n`);
    }
  });

  it('is its own where the submit names a span that means nothing', async () => {
    await start();
    const id = await submitNatively({ entrypoint: 'true' }, { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}` });
    await ended(server.url, id);
    const job = the(await traceOf(id), 'job');
    expect(job.parentId).toBe('');
    expect(job.traceId).not.toBe(CALLER.traceId);
  });

  it('is whole when the server is killed in each of two attempts', async () => {
    await start();
    const gate = join(server.directory, 'gate');
    const entrypoint = `until [ -e ${gate}$DROVER_ATTEMPT_NUMBER ]; do sleep 0.05; done; exit $((2 - DROVER_ATTEMPT_NUMBER))`;
    const retry = { initial_delay_seconds: 0.1, jitter: 0 };
    const id = await submitNatively({ entrypoint, max_retries: 1, retry_policy: retry }, CALLED);
    for (const attempt of [1, 2]) {
      await eventually(`attempt ${attempt} runs`, async () => {
        const job = (await (await fetch(`${server.url}/api/v1/jobs/${id}`)).json()) as {
          status: string;
          attempt: { number: number } | null;
        };
        return job.status === 'RUNNING' && job.attempt?.number === attempt;
      });
      await server.kill();
      await writeFile(`${gate}${attempt}`, '');
      await start();
    }
    await ended(server.url, id);
    const spans = await traceOf(id);

    expect([...shapeOf(spans)].sort()).toEqual(
      ['job', 'job/wait', ...ATTEMPT, 'job/backoff', 'job/wait', ...ATTEMPT].sort(),
    );
    expect(new Set(spans.map((span) => span.id)).size).toBe(spans.length);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([CALLER.traceId]));
    const runs = spans.filter(({ name }) => name === 'run');
    expect(runs.map(({ attributes }) => [attributes['drover.attempt.number'], attributes['drover.exit_code']])).toEqual(
      [
        [1, 1],
        [2, 0],
      ],
    );
    expect(runs.map(({ failure }) => failure === null)).toEqual([false, true]);
    expect(the(spans, 'job')).toMatchObject({ failure: null, attributes: { 'drover.attempts': 2 } });
  });

  it('is sent by the next server where the one before was killed after the end of the job', async () => {
    await start({ OTEL_BSP_SCHEDULE_DELAY: '3600000' });
    const id = await submitNatively({ entrypoint: 'true' });
    await ended(server.url, id);
    await server.kill();
    expect(collector.spans).toEqual([]);

    await start();
    const first = await traceOf(id);
    await server.stop();
    // Nothing is left for the third one, which has a job of its own to tell of.
    await start();
    const other = await submitNatively({ entrypoint: 'true' });
    await ended(server.url, other);
    await traceOf(other);
    expect(await traceOf(id)).toEqual(first);
  });

  it('is the same, ids included, where it was sent and the server died before it could note that', async () => {
    await start();
    const id = await submitNatively({
      entrypoint: 'exit 1',
      max_retries: 1,
      retry_policy: { initial_delay_seconds: 0 },
    });
    await ended(server.url, id);
    const first = await traceOf(id);
    await server.kill();
    await writeFile(join(server.dataDir, 'traces-sent'), '0\n');
    await start();
    await eventually('it is sent again', async () => collector.spans.length === 2 * first.length);
    expect(collector.spans.slice(first.length)).toEqual(first);
  });

  it('is sent when the server is told to end', async () => {
    await start({ OTEL_BSP_SCHEDULE_DELAY: '3600000' });
    const id = await submitNatively({ entrypoint: 'true' });
    await ended(server.url, id);
    expect(await server.stop()).toBe(0);
    expect(shapeOf(await traceOf(id))).toContain('job/wait');
  });

  it('has ends without a driver, and stops, in it', async () => {
    await start();
    const failing = await submitNatively({ entrypoint: 'true', runtime_env: { working_dir: 'file:///nowhere.zip' } });
    await ended(server.url, failing);
    const failed = await traceOf(failing);
    expect([...shapeOf(failed)].sort()).toEqual(['job', 'job/wait']);
    expect(the(failed, 'wait')).toMatchObject({ attributes: { 'drover.end_code': 'ENVIRONMENT_FAILED' } });
    expect(the(failed, 'wait').failure).toContain('nowhere.zip');

    const stopping = await submitNatively({ entrypoint: 'sleep 60' });
    await running(server.url, stopping);
    await stop(server.url, stopping);
    await ended(server.url, stopping);
    const job = the(await traceOf(stopping), 'job');
    expect(job.failure).toBeNull();
    expect(job.events.map(({ name }) => name)).toEqual(['stop_requested']);
    expect(job.attributes).toMatchObject({ 'drover.status': 'STOPPED', 'drover.end_code': 'STOPPED' });
  });

  it('is linked to those of its array, of the jobs it waited for, and of the job it repeats', async () => {
    await start();
    const array = await submitNatively({ entrypoint: 'true', array: { size: 2 } }, CALLED);
    const after = await submitNatively({ entrypoint: 'true', after_success: [array] });
    await ended(server.url, after);
    const again = await postJson(`${server.url}/api/v1/jobs/${after}/retry`, {});
    const { id: repeated } = (await again.json()) as { id: string };
    await ended(server.url, repeated);

    const whole = the(await traceOf(array), 'job');
    expect(whole).toMatchObject({ traceId: CALLER.traceId, attributes: { 'drover.array.size': 2 } });
    const linksOf = async (id: string) =>
      the(await traceOf(id), 'job').links.map(({ traceId, spanId, attributes }) => [
        attributes['drover.relation'],
        `${traceId}-${spanId}`,
      ]);
    const place = ({ traceId, id }: ReceivedSpan) => `${traceId}-${id}`;
    const traces = new Set([whole.traceId]);
    for (const index of [0, 1]) {
      expect(await linksOf(`${array}:${index}`)).toEqual([['element_of', place(whole)]]);
      traces.add(the(await traceOf(`${array}:${index}`), 'job').traceId);
    }
    expect(traces.size).toBe(3);
    const waited = the(await traceOf(after), 'job');
    expect(await linksOf(after)).toEqual([['after_succeeded', place(whole)]]);
    expect(await linksOf(repeated)).toEqual([
      ['after_succeeded', place(whole)],
      ['retry_of', place(waited)],
    ]);
  });

  it('is kept or left out as the sampler says, and the driver is told', async () => {
    await start({ OTEL_TRACES_SAMPLER: 'parentbased_always_off' });
    const entrypoint = 'echo $TRACEPARENT';
    const left = await submitNatively({ entrypoint });
    const kept = await submitNatively({ entrypoint }, CALLED);
    for (const id of [left, kept]) await ended(server.url, id);
    await traceOf(kept);
    expect(await logs(server.url, left)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00\n$/);
    await server.stop();
    expect(new Set(collector.spans.map(({ attributes }) => attributes['drover.job.id']))).toEqual(new Set([kept]));
  });
});

describe('a collector in trouble', () => {
  it('holds up no job, is told of once, and gets everything when it is well again', async () => {
    await start({ OTEL_EXPORTER_OTLP_TIMEOUT: '2000' });
    collector.answerWith(503);
    const ids = await Promise.all(Array.from({ length: 20 }, () => submitNatively({ entrypoint: 'true' })));
    for (const id of ids) await ended(server.url, id);
    await eventually('the log tells of it', async () => server.log().includes('traces cannot be delivered'));
    collector.answerWith(200);
    for (const id of ids) expect(await traceOf(id)).toHaveLength(5);
    await eventually('the log tells of that too', async () => server.log().includes('traces are delivered again'));
    expect(server.log().match(/traces cannot be delivered/g)).toHaveLength(1);
  });

  it('keeps no server from ending, where it does not answer', async () => {
    await start({ OTEL_EXPORTER_OTLP_TIMEOUT: '600000' });
    collector.answerWith(null);
    await ended(server.url, await submitNatively({ entrypoint: 'true' }));
    await eventually('it is asked', async () => collector.requests.length > 0);
    const beganAtMs = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - beganAtMs).toBeLessThan(PATIENCE_MS);
  });

  it('that refuses spans for good loses these, and gets the next', async () => {
    await start();
    collector.answerWith(400);
    const lost = await submitNatively({ entrypoint: 'true' });
    await ended(server.url, lost);
    await eventually('the log tells of it', async () => server.log().includes('refused spans'));
    collector.answerWith(200);
    const next = await submitNatively({ entrypoint: 'true' });
    await ended(server.url, next);
    await traceOf(next);
    expect(collector.spans.map(({ attributes }) => attributes['drover.job.id'])).not.toContain(lost);
  });
});

describe('without traces', () => {
  const noteModules = fileURLToPath(new URL('../tracing/fixtures/note-modules.ts', import.meta.url));

  /** What of OpenTelemetry a server loads until a job has ended; its API alone is loaded by prom-client too. */
  async function loadedModules(variables: Record<string, string>): Promise<string[]> {
    const file = join(server.directory, 'modules');
    await start({ ...variables, NODE_OPTIONS: `--import ${noteModules}`, NOTED_MODULES: file });
    await ended(server.url, await submitNatively({ entrypoint: 'true' }));
    await server.stop();
    const urls = (await readFile(file, 'utf8')).split('\n');
    expect(urls.some((url) => url.includes('prom-client'))).toBe(true);
    return urls.filter((url) => /@opentelemetry\/(?!api\/)/.test(url));
  }

  it('nothing of OpenTelemetry is loaded', async () => {
    expect(await loadedModules({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toEqual([]);
    expect(await loadedModules({ OTEL_SDK_DISABLED: 'true' })).toEqual([]);
    expect(collector.requests).toEqual([]);
    expect(await loadedModules({})).not.toEqual([]);
  });

  it('a driver gets the span of its submit', async () => {
    await start({ OTEL_TRACES_EXPORTER: 'none' });
    const entrypoint = 'echo $TRACEPARENT $TRACESTATE';
    const called = await submitNatively({ entrypoint }, CALLED);
    const plain = await submit(server.url, { entrypoint: 'env | grep -c TRACE' });
    for (const id of [called, plain]) await ended(server.url, id);
    expect(await logs(server.url, called)).toBe(`${CALLED.traceparent} vendor=1\n`);
    expect(await logs(server.url, plain)).toBe('0\n');
  });
});
