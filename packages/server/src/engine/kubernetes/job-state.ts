import { z } from 'zod';
import { ATTEMPT_LABEL } from './labels.ts';

/** What matters of a Job. */
export interface JobState {
  name: string;
  attemptId: string;
  /** How it ended, as a part of a sentence; null while it has not. */
  end: string | null;
}

const jobSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  status: z
    .looseObject({
      conditions: z
        .array(
          z.looseObject({
            type: z.string(),
            status: z.string(),
            reason: z.string().default(''),
            message: z.string().default(''),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** Reads a Job of the API; null where it is none of ours. */
export function readJob(object: unknown): JobState | null {
  const parsed = jobSchema.safeParse(object);
  const attemptId = parsed.data?.metadata.labels[ATTEMPT_LABEL];
  if (!parsed.success || attemptId === undefined) return null;
  const { metadata, status } = parsed.data;
  const end = status.conditions.find(
    (condition) => condition.status === 'True' && (condition.type === 'Failed' || condition.type === 'Complete'),
  );
  const words = end === undefined ? null : [end.reason, end.message].filter((part) => part !== '').join(': ');
  return { name: metadata.name, attemptId, end: words === null ? null : words || 'it is complete' };
}
