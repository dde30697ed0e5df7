import { z } from 'zod';
import { JOB_EVENT_TYPES, type JobEventType } from '../../../job/event.ts';
import { textMap } from './json-maps.ts';
import { durationSeconds } from './retry-policy.ts';

const MAX_URL_CHARS = 2_048;
const MAX_PAIRS = 16;

/** What messages call the events. */
export const MESSAGE_TYPES = JOB_EVENT_TYPES.map((type) => `job.${type}` as const);

const url = z
  .string()
  .max(MAX_URL_CHARS)
  .refine(isAddress, 'expected an http(s) URL without user, password and fragment')
  .meta({ format: 'uri', description: 'Over http or https, without user, password and fragment.' });

/** `job.ended`, as messages carry it, or `ended`, as events do. */
const eventType = z
  .string()
  .transform((text, context): JobEventType => {
    const type = JOB_EVENT_TYPES.find((known) => known === text.replace(/^job\./, ''));
    if (type !== undefined) return type;
    context.addIssue({ code: 'custom', message: `expected one of ${MESSAGE_TYPES.join(', ')}` });
    return z.NEVER;
  })
  .meta({ enum: [...MESSAGE_TYPES, ...JOB_EVENT_TYPES] });

const settings = {
  description: z.string().max(1_000).optional(),
  events: z
    .array(eventType)
    .min(1)
    .max(2 * JOB_EVENT_TYPES.length)
    .transform((types) => [...new Set(types)])
    .nullable()
    .optional()
    .describe('Absent: all.'),
  tenant: z.string().min(1).nullable().optional().describe('Of jobs of this tenant only.'),
  queue: z.string().min(1).nullable().optional().describe('Of jobs in this queue only.'),
  statuses: z
    .array(z.enum(['SUCCEEDED', 'FAILED', 'STOPPED']))
    .min(1)
    .nullable()
    .optional()
    .describe('Ends in one of these, and nothing but ends.'),
  metadata: textMap
    .refine((pairs) => Object.keys(pairs).length <= MAX_PAIRS, `expected at most ${MAX_PAIRS} pairs`)
    .meta({ maxProperties: MAX_PAIRS })
    .optional()
    .describe("Every pair must be among the job's metadata."),
};

/** Body of `POST /api/v1/webhooks`. */
export const createWebhook = z.strictObject({ url, ...settings }).meta({ id: 'WebhookRequest' });

/** Body of `PATCH /api/v1/webhooks/{id}`: what is absent stays as it was, null takes a filter away. */
export const changeWebhook = z
  .strictObject({
    url: url.optional(),
    ...settings,
    enabled: z.boolean().optional(),
    rotate_secret: z.boolean().optional().describe('Makes a new secret, which the answer shows.'),
    previous_secret_seconds: durationSeconds
      .optional()
      .describe('How long the secret before signs as well; only with `rotate_secret`. Absent: a day.'),
  })
  .refine(
    ({ rotate_secret, previous_secret_seconds }) => rotate_secret === true || previous_secret_seconds === undefined,
    { path: ['previous_secret_seconds'], message: 'means nothing without rotate_secret' },
  )
  .meta({
    id: 'WebhookChange',
    dependentSchemas: {
      previous_secret_seconds: { properties: { rotate_secret: { const: true } }, required: ['rotate_secret'] },
    },
  });

export type WebhookSettings = Omit<z.infer<typeof changeWebhook>, 'rotate_secret' | 'previous_secret_seconds'>;

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '' && hash === '';
}
