import { z } from 'zod';
import * as values from '../../config/value-schemas.ts';

/** A word that Slurm's options take: neither spaces nor control characters, and no option of a command. */
const WORD = /^[^\s\p{Cc}-][^\s\p{Cc}]*$/u;
export const word = z.string().max(1024).regex(WORD, 'a word without spaces that does not begin with a dash');

const path = z.string().regex(/^\//, 'an absolute path');

/** What a pool label stands for. */
const pool = z
  .strictObject({
    partition: word.optional().describe('Partition, or partitions with commas.'),
    constraint: word.optional().describe('Features of nodes, in the form of `--constraint`.'),
  })
  .describe('A partition, a constraint, or both.');

/** What a job may set for itself in its options for the engine, where `allowed_options` says so. */
export const JOB_OPTIONS = [
  'partition',
  'account',
  'qos',
  'constraint',
  'reservation',
  'licenses',
  'gres',
  'nice',
] as const;
export type JobOption = (typeof JOB_OPTIONS)[number];

export const slurmSettings = z.strictObject({
  type: z.literal('slurm'),
  url: word
    .optional()
    .describe(
      "slurmrestd's address: `unix:/path/of/its/socket`, `http://host:6820` or `https://…`. Absent: Slurm's commands are run (`sbatch`, `squeue`, `scancel`, `sinfo`, `sacct`).",
    ),
  token_file: path
    .optional()
    .describe(
      'File that holds the JWT for slurmrestd. It is read again for each request, so that it can be renewed in place.',
    ),
  api_version: z
    .string()
    .regex(/^v\d+\.\d+\.\d+$/)
    .optional()
    .describe("Version of slurmrestd's interface, such as `v0.0.38`. Absent: the newest one that both sides know."),
  user: word
    .optional()
    .describe(
      "User that jobs run as. Absent: the server's own. Another one needs a server that is root, and is given each attempt's folder.",
    ),
  partition: word.optional().describe("Partition for jobs. Absent: Slurm's default."),
  account: word.optional().describe("Account for jobs. Absent: the user's default."),
  qos: word.optional().describe('Quality of service for jobs.'),
  constraint: word.optional().describe('Features that nodes must have, in the form of `--constraint`.'),
  pool_labels: z
    .record(z.string().min(1), pool)
    .default({})
    .describe(
      'What resource pool labels (`X-Pool-Label`) stand for; the first label of a job that is in the table counts.',
    ),
  gpu_gres: word.default('gpu').describe('Generic resource that GPUs are, such as `gpu` or `gpu:a100`.'),
  custom_resources: z
    .record(z.string().min(1), word)
    .default({})
    .describe('Generic resources that custom resources of jobs are, such as `{ NPU: npu }`.'),
  allowed_options: z
    .array(z.enum(JOB_OPTIONS))
    .default([])
    .describe(`Options that jobs may set for themselves: ${JOB_OPTIONS.map((name) => `\`${name}\``).join(', ')}.`),
  time_limit_margin: values.duration
    .default(120_000)
    .describe("What Slurm's time limit of a job is longer than the job's own and its grace. Default 2 min."),
  poll_interval: values.duration
    .default(3_000)
    .describe('Time between two questions after all jobs, while any of them waits or runs. Default 3 s.'),
  max_running: values
    .wholeNumber(1)
    .default(1_000)
    .describe('How many jobs are with Slurm at once, waiting there or running. Default 1000.'),
  slurm_conf: path.optional().describe('`SLURM_CONF` for the commands. Absent: as the server has it.'),
  command_path: path.optional().describe('Folder of the commands. Absent: they are in `PATH`.'),
});

export type SlurmSettings = z.infer<typeof slurmSettings>;
