import { z } from 'zod';
import { JOB_EVENT_TYPES, type JobEventType } from '../../../job/event.ts';
import { textMap } from './json-maps.ts';
import { durationSeconds } from './retry-policy.ts';

const MAX_URL_CHARS = 2_048;
const MAX_PAIRS = 16;

const url = z
  .string()
  .max(MAX_URL_CHARS)
  .refine(isAddress, 'expected an http(s) URL without user, password and fragment');

/** `job.ended`, as messages carry it, or `ended`, as events do. */
const eventType = z.string().transform((text, context): JobEventType => {
  const type = JOB_EVENT_TYPES.find((known) => known === text.replace(/^job\./, ''));
  if (type !== undefined) return type;
  context.addIssue({
    code: 'custom',
    message: `expected one of ${JOB_EVENT_TYPES.map((known) => `job.${known}`).join(', ')}`,
  });
  return z.NEVER;
});

const settings = {
  description: z.string().max(1_000).optional(),
  events: z
    .array(eventType)
    .min(1)
    .max(2 * JOB_EVENT_TYPES.length)
    .transform((types) => [...new Set(types)])
    .nullable()
    .optional(),
  tenant: z.string().min(1).nullable().optional(),
  queue: z.string().min(1).nullable().optional(),
  statuses: z
    .array(z.enum(['SUCCEEDED', 'FAILED', 'STOPPED']))
    .min(1)
    .nullable()
    .optional(),
  metadata: textMap
    .refine((pairs) => Object.keys(pairs).length <= MAX_PAIRS, `expected at most ${MAX_PAIRS} pairs`)
    .optional(),
};

/** Body of `POST /api/v1/webhooks`. */
export const createWebhook = z.strictObject({ url, ...settings });

/** Body of `PATCH /api/v1/webhooks/{id}`: what is absent stays as it was, null takes a filter away. */
export const changeWebhook = z.strictObject({
  url: url.optional(),
  ...settings,
  enabled: z.boolean().optional(),
  rotate_secret: z.boolean().optional(),
  /** How long the secret before signs as well. */
  previous_secret_seconds: durationSeconds.optional(),
});

export type WebhookSettings = Omit<z.infer<typeof changeWebhook>, 'rotate_secret' | 'previous_secret_seconds'>;

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '' && hash === '';
}
