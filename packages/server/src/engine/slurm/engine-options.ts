import { z } from 'zod';
import type { JsonObject } from '../../job/job.ts';
import { jobConstraint } from './constraint.ts';
import { JOB_OPTIONS, type JobOption, type SlurmSettings, word } from './settings.ts';

/** What a job asks of Slurm for itself. */
export type EngineOptions = Partial<Record<Exclude<JobOption, 'nice'>, string>> & { nice?: number };

const NICE = z.int().min(0).max(2_147_483_645);

/** What is wrong with a job's options, as a sentence; null where nothing is. */
export function checkEngineOptions(options: JsonObject, { allowed_options: allowed }: SlurmSettings): string | null {
  for (const [name, value] of Object.entries(options)) {
    const option = JOB_OPTIONS.find((known) => known === name);
    if (option === undefined) return `the Slurm engine has no option '${name}', only ${JOB_OPTIONS.join(', ')}`;
    if (!allowed.includes(option)) return `the option '${name}' is not among the allowed_options of the engine`;
    if (option === 'nice') {
      if (!NICE.safeParse(value).success) return "the option 'nice' must be a whole number of at least 0";
    } else if (!word.safeParse(value).success) {
      return `the option '${name}' must be a text without spaces that does not begin with a dash`;
    } else if (!schemaOf(option).safeParse(value).success) {
      return "the option 'constraint' must be features with & and | between them, such as a&(b|c)";
    }
  }
  return null;
}

/** Reads options that were accepted; what is no longer allowed counts for nothing. */
export function readEngineOptions(options: JsonObject, settings: SlurmSettings): EngineOptions {
  const read: EngineOptions = {};
  for (const name of settings.allowed_options) {
    const value = options[name];
    if (name === 'nice') {
      const nice = NICE.safeParse(value);
      if (nice.success) read.nice = nice.data;
    } else {
      const text = schemaOf(name).safeParse(value);
      if (text.success) read[name] = text.data;
    }
  }
  return read;
}

function schemaOf(option: Exclude<JobOption, 'nice'>) {
  return option === 'constraint' ? jobConstraint : word;
}
