import { z } from 'zod';
import type { JsonObject } from '../../job/job.ts';
import { JOB_OPTIONS, type KubernetesSettings } from './settings.ts';

const optionsSchema = z.strictObject({
  image: z
    .string()
    .min(1)
    .max(512)
    .regex(/^[!-~]+$/, 'has no spaces')
    .optional(),
  node_selector: z.record(z.string().min(1), z.string()).optional(),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().optional(),
        operator: z.enum(['Exists', 'Equal']).optional(),
        value: z.string().optional(),
        effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
      }),
    )
    .optional(),
  priority_class: z.string().min(1).optional(),
});

/** What a job asks of the engine alone. */
export type EngineOptions = z.infer<typeof optionsSchema>;

type Rules = Pick<KubernetesSettings, 'image' | 'allowed_images' | 'allowed_options'>;

/** What is wrong with a job's options, as a sentence; null where nothing is. */
export function checkEngineOptions(given: JsonObject, rules: Rules): string | null {
  const parsed = optionsSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    if (unknown !== undefined) return `'${unknown}' is no option; there are ${JOB_OPTIONS.join(', ')}`;
    return `'${issue?.path.join('.') ?? ''}' is not valid: ${issue?.message ?? ''}`;
  }
  for (const name of JOB_OPTIONS) {
    if (parsed.data[name] !== undefined && !rules.allowed_options.includes(name)) {
      return `'${name}' is not among the allowed_options of the engine`;
    }
  }
  const { image } = parsed.data;
  if (image === undefined) return rules.image === null ? "'image' is missing, and there is no default one" : null;
  return isImageAllowed(image, rules) ? null : `image '${image}' is not allowed here`;
}

/** Reads options that were checked before. */
export function readEngineOptions(given: JsonObject): EngineOptions {
  return optionsSchema.parse(given);
}

function isImageAllowed(image: string, { image: usual, allowed_images: patterns }: Rules): boolean {
  if (image === usual) return true;
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(image);
  });
}
