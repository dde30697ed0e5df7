import { z } from 'zod';
import { LOCAL_ENGINE } from '../engine/engine.ts';
import { kubernetesSettings } from '../engine/kubernetes/settings.ts';
import { slurmSettings } from '../engine/slurm/settings.ts';
import { isMapping } from './value-schemas.ts';

/** Settings of one engine beside the local one. */
const engineSettings = z.discriminatedUnion('type', [slurmSettings, kubernetesSettings], {
  error: "expected 'slurm' or 'kubernetes'",
});
export type EngineSettings = z.infer<typeof engineSettings>;

/** By name. */
export type ConfiguredEngines = Readonly<Record<string, EngineSettings>>;

/** It stands in paths of metrics and in front of a slash. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A mapping from names to settings; text is read as JSON. A message completes the sentence "engines must be …". */
export const configuredEngines: z.ZodType<ConfiguredEngines, unknown> = z.unknown().transform((given, context) => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const named = mappingFrom(given);
  if (named === null) return refuse('a mapping from names to the settings of engines');
  const engines: Record<string, EngineSettings> = {};
  for (const [name, settings] of Object.entries(named)) {
    if (!NAME.test(name) || name === LOCAL_ENGINE) {
      return refuse(
        `a mapping from names of 1 to 63 of a-z, 0-9 and -, other than '${LOCAL_ENGINE}', to the settings of engines: '${name}' is none`,
      );
    }
    const parsed = engineSettings.safeParse(settings);
    if (!parsed.success) return refuse(`valid settings of engines: ${describeIssue(name, parsed.error.issues[0])}`);
    engines[name] = parsed.data;
  }
  return engines;
});

function mappingFrom(given: unknown): Record<string, unknown> | null {
  if (typeof given === 'string') {
    try {
      return mappingFrom(JSON.parse(given));
    } catch {
      return null;
    }
  }
  return isMapping(given) ? given : null;
}

function describeIssue(name: string, issue: z.core.$ZodIssue | undefined): string {
  const path = [name, ...(issue?.path ?? [])].join('.');
  if (issue?.code === 'unrecognized_keys')
    return `${path} has no key ${issue.keys.map((key) => `'${key}'`).join(', ')}`;
  return `${path}: ${issue?.message}`;
}
