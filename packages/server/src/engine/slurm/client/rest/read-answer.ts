import { classifyError } from '../refusals.ts';
import { SlurmError } from '../slurm-client.ts';

/** What an answer says that went wrong; null where nothing did. */
export function failureIn(status: number, text: string): SlurmError | null {
  const errors = errorsIn(text);
  if (status === 200 && errors.length === 0) return null;
  const number = errors.find((one) => one.number !== null && one.number > 0)?.number ?? null;
  const words = [...new Set(errors.flatMap(({ error, description }) => [description, error]))].filter(Boolean);
  if (words.length > 0) return new SlurmError(classifyError(number, words.join('; ')), words.join('; '));
  const said = text.trim().slice(0, 200);
  const message = `slurmrestd answered ${status}${said === '' ? '' : `: ${said}`}`;
  return new SlurmError(classifyError(number, ''), message);
}

interface SaidError {
  number: number | null;
  error: string;
  description: string;
}

function errorsIn(text: string): SaidError[] {
  const { errors } = parseObject(text);
  if (!Array.isArray(errors)) return [];
  return errors.map((one: unknown) => {
    const fields = isObject(one) ? one : {};
    const number = fields.error_number ?? fields.error_code;
    return {
      number: typeof number === 'number' ? number : null,
      error: typeof fields.error === 'string' ? fields.error : '',
      description: typeof fields.description === 'string' ? fields.description : '',
    };
  });
}

/** The id that the answer to a submission gives; null where it gives none. */
export function jobIdIn(text: string): number | null {
  const { job_id: id, result } = parseObject(text);
  const inner = isObject(result) ? result.job_id : undefined;
  const found = typeof id === 'number' ? id : inner;
  return typeof found === 'number' && found > 0 ? found : null;
}

/** Whether it is JSON to its end, and has the list. */
export function hasList(text: string, key: string): boolean {
  return Array.isArray(parseObject(text)[key]);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
