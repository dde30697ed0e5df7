import { droverError } from '../../errors/drover-error.ts';
import type { JsonObject, JsonValue } from '../../job/job.ts';
import type { Submission } from '../../jobs/service.ts';
import { parseJson } from '../security/parse-json.ts';
import { readStopSettings } from './stop-settings.ts';

const KEYS: ReadonlySet<string> = new Set([
  'entrypoint',
  'submission_id',
  'job_id',
  'runtime_env',
  'metadata',
  'entrypoint_num_cpus',
  'entrypoint_num_gpus',
  'entrypoint_memory',
  'entrypoint_resources',
  'entrypoint_label_selector',
]);

const MAX_ID_CHARS = 255;
const CONTROL_CHARACTER = /\p{Cc}/u;

/**
 * Reads the body of `POST /api/jobs/`, whatever type it was declared as. Rules and texts are those of Ray's `JobSubmitRequest`; beyond
 * them only what nobody could use is refused (ids that no path can name, amounts below zero).
 *
 * @throws `INVALID_BODY`, `INVALID_JOB_ID`
 */
export function readSubmitRequest(bytes: Uint8Array, tenant: string): Submission {
  const fields = withoutNulls(parseBody(bytes));
  const unknown = Object.keys(fields).find((key) => !KEYS.has(key));
  if (unknown !== undefined) {
    throw refusal(`JobSubmitRequest.__init__() got an unexpected keyword argument '${unknown}'`);
  }
  const { entrypoint } = fields;
  if (entrypoint === undefined) {
    throw refusal("JobSubmitRequest.__init__() missing 1 required positional argument: 'entrypoint'");
  }
  if (typeof entrypoint !== 'string') throw wrongType('entrypoint must be a string', entrypoint);
  const submissionId = readText(fields, 'submission_id');
  const jobId = readText(fields, 'job_id');
  const runtimeEnv = readDict(fields, 'runtime_env');
  const metadata = readTexts(fields, 'metadata');
  const resources = {
    cpus: readAmount(fields, 'entrypoint_num_cpus'),
    gpus: readAmount(fields, 'entrypoint_num_gpus'),
    memoryBytes: readBytes(fields),
    custom: readAmounts(fields),
  };
  // Checked as Ray does; there is one node, so it has nothing to select.
  readTexts(fields, 'entrypoint_label_selector');
  const variables = runtimeEnv.env_vars;
  const { graceMs, signal } = readStopSettings(isDict(variables) ? variables : {});

  return {
    id: checkedId(submissionId || jobId),
    tenant,
    door: 'ray',
    entrypoint,
    runtimeEnv,
    metadata,
    resources,
    poolLabels: [],
    stopGraceMs: graceMs,
    stopSignal: signal,
  };
}

function parseBody(bytes: Uint8Array): JsonObject {
  const parsed = parseJson(bytes);
  if ('fault' in parsed) throw droverError('INVALID_BODY', { detail: `Invalid request: ${parsed.fault}` });
  if (!isDict(parsed.value)) throw refusal('the request body must be a JSON object');
  return parsed.value;
}

function withoutNulls(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** Null for an absent one: the service makes it. */
function checkedId(id: string): string | null {
  if (id === '') return null;
  const fault = faultOfId(id);
  if (fault === null) return id;
  throw droverError('INVALID_JOB_ID', { id: id.slice(0, MAX_ID_CHARS), detail: fault });
}

/** Ray takes every text, and has jobs then that no request can name. */
function faultOfId(id: string): string | null {
  if (id.includes('/') || id === '.' || id === '..') return 'no request path could name it';
  if (CONTROL_CHARACTER.test(id)) return 'it has a control character';
  return id.length > MAX_ID_CHARS ? `it has more than ${MAX_ID_CHARS} characters` : null;
}

function readText(fields: JsonObject, name: string): string {
  const value = fields[name] ?? '';
  if (typeof value !== 'string') throw wrongType(`${name} must be a string if provided`, value);
  return value;
}

function readDict(fields: JsonObject, name: string): JsonObject {
  const value = fields[name] ?? {};
  if (!isDict(value)) throw wrongType(`${name} must be a dict`, value);
  return value;
}

function readTexts(fields: JsonObject, name: string): Record<string, string> {
  return mapValues(readDict(fields, name), (value) => {
    if (typeof value !== 'string') throw wrongType(`${name} values must be strings`, value);
    return value;
  });
}

function readAmount(fields: JsonObject, name: string): number {
  const value = fields[name] ?? 0;
  if (!isNumber(value)) throw wrongType(`${name} must be a number`, value);
  return atLeastZero(name, Number(value));
}

function readBytes(fields: JsonObject): number {
  const value = fields.entrypoint_memory ?? 0;
  if (!isNumber(value) || !Number.isSafeInteger(Number(value))) {
    throw wrongType('entrypoint_memory must be an integer', value);
  }
  return atLeastZero('entrypoint_memory', Number(value));
}

function readAmounts(fields: JsonObject): Record<string, number> {
  return mapValues(readDict(fields, 'entrypoint_resources'), (value) => {
    if (!isNumber(value)) throw wrongType('entrypoint_resources values must be numbers', value);
    return atLeastZero('entrypoint_resources values', Number(value));
  });
}

function atLeastZero(name: string, amount: number): number {
  if (amount >= 0 && Number.isFinite(amount)) return amount;
  throw droverError('INVALID_BODY', { detail: `ValueError: ${name} must be at least 0 and finite, got ${amount}` });
}

/** Booleans are numbers in Python. */
function isNumber(value: JsonValue): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function isDict(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapValues<T>(dict: JsonObject, read: (value: JsonValue) => T): Record<string, T> {
  // fromEntries, since an assignment to the key __proto__ would be lost.
  return Object.fromEntries(Object.entries(dict).map(([key, value]) => [key, read(value)]));
}

function wrongType(expected: string, value: JsonValue) {
  return refusal(`${expected}, got <class '${pythonType(value)}'>`);
}

function pythonType(value: JsonValue): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
      return 'dict';
  }
}

function refusal(message: string) {
  return droverError('INVALID_BODY', { detail: `TypeError: ${message}` });
}
