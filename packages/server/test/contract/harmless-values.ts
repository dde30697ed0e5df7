import fc from 'fast-check';
import type { JsonValue } from '../../src/job/job.ts';

/*
 * Values that the test chooses itself: few, so that requests meet the same jobs, queues and packages; and harmless, since jobs run.
 */

/** Everything that a job of this test may run. */
const ENTRYPOINTS = ['true', 'exit 3', 'echo x'];

/** The test keeps the first two there: one that ends, and one that does not. */
const JOB_IDS = ['p-1', 'p-1', 'p-2', 'p-3', 'p-4'];
/** The test keeps the first there, and the first of the queues that no job names. */
const PACKAGE_NAMES = ['a.zip', 'b.tar.gz'];
const QUEUE_NAMES = ['q-0', 'q-1', 'default'];
const QUEUES_OF_JOBS = ['q-1', 'default', 'default'];
/** The test keeps the first there. */
const SCHEDULE_NAMES = ['s-0', 's-0', 's-1'];
/** None comes round while the test runs; the last is refused. */
const CRONS = ['0 0 1 1 *', '@yearly', '0 0 0 29 2 *', 'no expression'];
const TIME_ZONES = ['UTC', 'Europe/Berlin'];
const TENANTS = ['default', 't-1', 't-2'];

/** No `pip` and no `uv`: nothing is installed. The first are possible, the others are refused or let the job fail. */
const RUNTIME_ENVS: JsonValue[] = [
  {},
  { env_vars: { NAME: 'value' } },
  { working_dir: '/tmp' },
  { py_modules: ['/tmp'] },
];
const OTHER_RUNTIME_ENVS: JsonValue[] = [
  { working_dir: 'gcs://a.zip' },
  { working_dir: 'gcs://no-such.zip' },
  { working_dir: 'relative' },
  { env_vars: { '1 is no name': 'value' } },
  { config: { setup_timeout_seconds: 5 } },
  { no_such_field: 1 },
];

/** Fields that have no other values than those that are chosen here: more could run more, or ask somebody. */
export const CHOSEN_ONLY = ['entrypoint', 'size', 'max_retries', 'url', 'cron'];

/** What the server has made, and only it knows: asked anew each time. */
export interface Known {
  cursors: string[];
  webhookIds: string[];
  /** Takes messages. */
  receiverUrl: string;
}

/** Instead of whatever the schema allows; `others` come in between. */
function mostly<Value>(values: readonly Value[], others: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 7, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: others });
}

/** For a parameter, by its name; `null` leaves it to the schema. */
export function chosenParameter(
  path: string,
  name: string,
  others: fc.Arbitrary<string>,
  known: Known,
): fc.Arbitrary<string> | null {
  switch (name) {
    case 'id':
      if (path.includes('/webhooks/')) return oneOf(() => known.webhookIds);
      return mostly(JOB_IDS, others);
    case 'name':
      if (path.includes('/packages/')) return mostly(PACKAGE_NAMES, others);
      if (path.includes('/schedules/')) return mostly(SCHEDULE_NAMES, others);
      return mostly(path.includes('/queues/') ? QUEUE_NAMES : TENANTS, others);
    case 'schedule':
      return mostly(SCHEDULE_NAMES, others);
    case 'tenant':
    case 'X-Tenant-Id':
      return mostly(TENANTS, others);
    case 'Idempotency-Key':
      return mostly(['key-1', 'key-2', 'key-3'], others);
    // Only those are taken that the server has given.
    case 'cursor':
      return oneOf(() => known.cursors);
    // The first is the only one that every job has come to.
    case 'attempt':
      return fc.constant('1');
    // Seconds that the test would wait.
    case 'timeout':
      return fc.constantFrom('0', '0.02', '0.05');
    case 'Range':
      return fc.constantFrom(
        'bytes=0-0',
        'bytes=1-',
        'bytes=-1',
        'bytes=99999-',
        'bytes=3-2',
        'bytes=0-0,2-3',
        'lines=1-2',
        'x',
      );
    case 'Last-Event-ID':
      return path.endsWith('/logs') ? fc.constantFrom('0', '3', '1.5', '2.0', 'end') : null;
    case 'If-None-Match':
      return fc.constantFrom('*', '"no-such-tag"', 'W/"1", "2"', 'no tag');
    default:
      return null;
  }
}

function oneOf(texts: () => readonly string[]): fc.Arbitrary<string> {
  return fc.nat(99).map((place) => texts()[place % Math.max(1, texts().length)] ?? 'none');
}

/** For a field of a body; `null` leaves it to the schema. */
export function chosenField(
  name: string,
  others: fc.Arbitrary<JsonValue>,
  known: Known,
): fc.Arbitrary<JsonValue> | null {
  switch (name) {
    case 'size':
      return fc.constantFrom(1, 2);
    case 'max_retries':
      return fc.constantFrom(0, 1, 2);
    case 'url':
      return fc.constant(known.receiverUrl);
    case 'cron':
      return fc.constantFrom(...CRONS);
    case 'time_zone':
      return mostly<JsonValue>(TIME_ZONES, others);
    case 'after':
    case 'after_any':
    case 'after_success':
      return fc.array(fc.constantFrom(...JOB_IDS), { maxLength: 2 });
    case 'entrypoint':
      return fc.constantFrom(...ENTRYPOINTS);
    case 'runtime_env':
      return mostly(RUNTIME_ENVS, fc.constantFrom(...OTHER_RUNTIME_ENVS));
    case 'id':
      return mostly<JsonValue>(JOB_IDS, others);
    case 'queue':
    case 'default_queue':
      return mostly<JsonValue>(QUEUES_OF_JOBS, others);
    // The machine has no other, and that one has no options.
    case 'engine':
      return mostly<JsonValue>(['local'], others);
    case 'engine_options':
      return mostly<JsonValue>([{}], others);
    // What no machine has is refused at submit.
    case 'cpus':
      return mostly<JsonValue>([0, 0.5, 1], others);
    case 'gpus':
    case 'memory_bytes':
      return mostly<JsonValue>([0], others);
    case 'custom':
      return mostly<JsonValue>([{}], others);
    default:
      return null;
  }
}
