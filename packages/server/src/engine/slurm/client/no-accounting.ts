import { SlurmError } from './slurm-client.ts';

/** In the words of sacct, and of slurmrestd. */
const TEXTS = /accounting storage is disabled|not configured with slurmdbd/i;

/** Whether a question after accounting failed because the site keeps none, or has no program that could read it. */
export function keepsNoAccounting(error: unknown): boolean {
  if (!(error instanceof SlurmError)) return false;
  const { cause } = error;
  const isProgramMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' && 'path' in cause;
  return isProgramMissing || TEXTS.test(error.message);
}
