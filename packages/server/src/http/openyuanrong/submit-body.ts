import { droverError } from '../../errors/drover-error.ts';
import type { JsonObject } from '../../job/job.ts';
import type { Submission } from '../../jobs/service.ts';
import { parsePoolLabels } from '../routing/request-headers.ts';
import {
  isJsonObject,
  readAmounts,
  readNumber,
  readObject,
  readText,
  readTextMap,
  readTexts,
  readWholeNumber,
} from './body-fields.ts';
import { jobIdOf } from './submission-id.ts';
import { bindFailure } from './texts.ts';

/**
 * Reads the body of `POST /api/jobs`. Unknown fields are ignored. The order of the checks and their texts are
 * openYuanrong's: types first, then empty fields, then numbers below zero, then the id.
 *
 * @param poolLabels the header `X-Pool-Label`, which wins over the field.
 * @throws `INVALID_BODY`, `INVALID_JOB_ID`
 */
export function readSubmitBody(
  body: unknown,
  headers: { tenant: string; poolLabels: readonly string[] | null },
): Submission {
  if (!isJsonObject(body)) throw bindFailure('body: expected a JSON object');
  const entrypoint = readText(body, 'entrypoint');
  const runtimeEnv = readRuntimeEnv(body);
  const submissionId = readText(body, 'submission_id');
  const metadata = readTextMap(body, 'metadata');
  const cpus = readNumber(body, 'entrypoint_num_cpus');
  const gpus = readNumber(body, 'entrypoint_num_gpus');
  const memoryBytes = readWholeNumber(body, 'entrypoint_memory');
  const custom = readAmounts(body, 'entrypoint_resources');
  const labels = readLabels(body);

  if (entrypoint === '') throw invalid('entrypoint should not be empty');
  if ((runtimeEnv.working_dir ?? '') === '') throw invalid('runtime_env.working_dir should not be empty');
  if (cpus < 0) throw invalid('entrypoint_num_cpus should not be less than 0');
  if (gpus < 0) throw invalid('entrypoint_num_gpus should not be less than 0');
  if (memoryBytes < 0) throw invalid('entrypoint_memory should not be less than 0');
  const id = submissionId === '' ? null : jobIdOf(submissionId);

  return {
    id,
    tenant: headers.tenant,
    door: 'openyuanrong',
    entrypoint,
    runtimeEnv,
    metadata,
    resources: { cpus, gpus, memoryBytes, custom },
    poolLabels: headers.poolLabels ?? labels,
    stopGraceMs: null,
  };
}

function readRuntimeEnv(body: JsonObject): JsonObject {
  const given = readObject(body, 'runtime_env');
  readText(given, 'working_dir', 'runtime_env.working_dir');
  readTextMap(given, 'env_vars', 'runtime_env.env_vars');
  readTexts(given, 'pip', 'runtime_env.pip');
  // What was given as null was not given.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function readLabels(body: JsonObject): string[] {
  const labels = parsePoolLabels(readText(body, 'labels'));
  if (labels === null) throw bindFailure('labels: expected fewer labels');
  return labels;
}

function invalid(detail: string) {
  return droverError('INVALID_BODY', { detail });
}
