import { z } from 'zod';
import type { AttemptOrder } from '../engine.ts';
import type { SlurmSubmission } from './client/slurm-client.ts';
import { joinConstraints } from './constraint.ts';
import { readEngineOptions } from './engine-options.ts';
import { jobNameOf } from './job-name.ts';
import type { SlurmSettings } from './settings.ts';

/** What a job asks Slurm for: all of a submission but its script and where it runs, which follow from the attempt. */
export type JobRequest = Omit<SlurmSubmission, 'script' | 'environment' | 'workingDirectory' | 'outputPath'>;

const text = z.string().nullable();
const number = z.number().nullable();

/** A request as it lies in the attempt's folder, so that a server to come can submit it as well. */
export const jobRequest: z.ZodType<JobRequest> = z.object({
  name: z.string(),
  comment: z.string(),
  cpus: number,
  memoryMb: number,
  gres: text,
  timeLimitMinutes: number,
  partition: text,
  account: text,
  qos: text,
  constraint: text,
  reservation: text,
  licenses: text,
  nice: number,
});

/** What Slurm is asked for to run an order. */
export function requestOf(order: AttemptOrder, settings: SlurmSettings): JobRequest {
  const options = readEngineOptions(order.engineOptions, settings);
  const poolLabel = order.poolLabels.find((label) => Object.hasOwn(settings.pool_labels, label));
  const pool = poolLabel === undefined ? undefined : settings.pool_labels[poolLabel];
  const constraints = [settings.constraint, pool?.constraint, options.constraint].filter((one) => one !== undefined);
  const { cpus, memoryBytes } = order.resources;
  return {
    name: jobNameOf(order.attemptId),
    comment: commentOf(order),
    cpus: cpus > 0 ? Math.ceil(cpus) : null,
    memoryMb: memoryBytes > 0 ? Math.ceil(memoryBytes / 2 ** 20) : null,
    gres: gresOf(order, settings, options.gres),
    timeLimitMinutes: timeLimitOf(order, settings),
    partition: options.partition ?? pool?.partition ?? settings.partition ?? null,
    account: options.account ?? settings.account ?? null,
    qos: options.qos ?? settings.qos ?? null,
    constraint: joinConstraints(constraints),
    reservation: options.reservation ?? null,
    licenses: options.licenses ?? null,
    nice: options.nice ?? null,
  };
}

/** Why Slurm cannot be asked for what the order wants, as a sentence; null where it can. */
export function unknownResourceOf({ resources }: AttemptOrder, settings: SlurmSettings): string | null {
  const unknown = Object.keys(resources.custom).find((name) => !Object.hasOwn(settings.custom_resources, name));
  if (unknown === undefined) return null;
  return `the job asks for ${unknown}, which is no resource of this engine (its custom_resources)`;
}

function gresOf({ resources }: AttemptOrder, settings: SlurmSettings, own: string | undefined): string | null {
  const asked = [
    ...(resources.gpus > 0 ? [`${settings.gpu_gres}:${Math.ceil(resources.gpus)}`] : []),
    ...Object.entries(resources.custom).flatMap(([name, amount]) => {
      const gres = settings.custom_resources[name];
      return gres === undefined || amount <= 0 ? [] : [`${gres}:${Math.ceil(amount)}`];
    }),
    ...(own === undefined ? [] : [own]),
  ];
  return asked.length === 0 ? null : asked.join(',');
}

/** Drover ends the driver itself at its limit; Slurm's is for the case that Drover cannot. */
function timeLimitOf({ runLimitMs, graceMs }: AttemptOrder, settings: SlurmSettings): number | null {
  if (runLimitMs === null) return null;
  return Math.ceil((runLimitMs + graceMs + settings.time_limit_margin) / 60_000);
}

const LONGEST_COMMENT = 500;

function commentOf({ jobId, tenant, queue }: AttemptOrder): string {
  const words = `job=${jobId} tenant=${tenant} queue=${queue}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return words.replace(/[\x00-\x1f\x7f'"\\]/g, '_').slice(0, LONGEST_COMMENT);
}
