import { z } from 'zod';
import type { SlurmJob } from '../slurm-client.ts';

/** A number as older versions send it, or wrapped with whether it is set as newer ones do. */
export const slurmNumber = z.union([
  z.number(),
  z.null(),
  z.looseObject({ number: z.number(), set: z.boolean().optional(), infinite: z.boolean().optional() }),
]);

/** Newer versions send the state as a list: the state, then its flags. */
export const state = z.union([z.string(), z.array(z.string())]);

/** Older versions send a wait status, newer ones an object that tells it apart. */
export const exitCode = z.union([
  z.number(),
  z.null(),
  z.looseObject({
    return_code: slurmNumber.optional(),
    signal: z.looseObject({ id: slurmNumber.optional(), signal_id: slurmNumber.optional() }).optional(),
  }),
]);

const job = z.looseObject({
  job_id: z.number(),
  name: z.string().nullish(),
  job_state: state,
  state_reason: z.string().nullish(),
  state_description: z.string().nullish(),
  exit_code: exitCode.optional(),
  partition: z.string().nullish(),
  submit_time: slurmNumber.optional(),
  nodes: z.string().nullish(),
});

/** What a job of `GET /jobs` is called; empty where that is not to be seen. */
export function nameIn(value: unknown): string {
  const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : null;
  return typeof name === 'string' ? name : '';
}

/** Reads a job of `GET /jobs`, in the shape of any version. Throws where it is none. */
export function readJob(value: unknown): SlurmJob {
  const read = job.parse(value);
  return {
    id: read.job_id,
    name: read.name ?? '',
    state: stateOf(read.job_state),
    reason: read.state_description || (read.state_reason === 'None' ? '' : (read.state_reason ?? '')),
    waitStatus: waitStatusOf(read.exit_code),
    partition: read.partition ?? '',
    submittedAt: numberOf(read.submit_time) ?? 0,
    hadNode: Boolean(read.nodes),
  };
}

/**
 * Beside a state these say more than it: a job that is COMPLETING still has something to end, one that is REQUEUED has not ended. Older
 * versions, as the commands, name the first of them instead of the state.
 */
const FLAGS = [
  'COMPLETING',
  'STAGE_OUT',
  'CONFIGURING',
  'RESIZING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'SPECIAL_EXIT',
  'STOPPED',
  'REVOKED',
  'RESV_DEL_HOLD',
  'SIGNALING',
];

export function stateOf(said: z.infer<typeof state>): string {
  const states = typeof said === 'string' ? [said] : said;
  return FLAGS.find((flag) => states.includes(flag)) ?? states[0] ?? 'UNKNOWN';
}

export function waitStatusOf(code: z.infer<typeof exitCode> | undefined): number | null {
  if (code === null || code === undefined || typeof code === 'number') return code ?? null;
  const signal = numberOf(code.signal?.id) ?? numberOf(code.signal?.signal_id) ?? 0;
  if (signal > 0) return signal;
  const returned = numberOf(code.return_code);
  return returned === null ? null : returned << 8;
}

/** Null where it is not set, and where it has no end. */
export function numberOf(value: z.infer<typeof slurmNumber> | undefined): number | null {
  if (value === null || value === undefined || typeof value === 'number') return value ?? null;
  return value.set === false || value.infinite === true ? null : value.number;
}
