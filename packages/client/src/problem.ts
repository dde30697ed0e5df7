import { DroverApiError } from './errors.ts';

/** Reads what a failed request was answered with: a problem document (RFC 9457), or whatever else stands there. */
export async function readProblem(response: Response): Promise<DroverApiError> {
  return problemFrom(response.status, response.statusText, await response.text());
}

/** The same of an answer that was read. */
export function problemFrom(status: number, statusText: string, body: string): DroverApiError {
  const problem = parseObject(body);
  const code = problem?.code;
  if (problem === null || typeof code !== 'string')
    return unexpectedAnswer(status, `HTTP ${status} ${statusText}`.trim());
  const title = textOr(problem.title, code);
  return new DroverApiError({
    code,
    status,
    title,
    detail: textOr(problem.detail, title),
    similarIds: textsOf(problem.similar_ids),
  });
}

/** The JSON of an answer that is no problem. @throws {DroverApiError} where it is none */
export function parseAnswer(status: number, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw unexpectedAnswer(status, 'its answer is not JSON');
  }
}

/** The error for an answer that no Drover gives: another server at that address, or something between. */
export function unexpectedAnswer(status: number, found: string): DroverApiError {
  return new DroverApiError({
    code: 'UNEXPECTED_ANSWER',
    status,
    title: 'The answer is not one of Drover',
    detail: `what answered does not speak Drover's API (${found})`,
    similarIds: [],
  });
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
