import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../record/error-code.ts';
import { readTextIfThere } from '../record/read-text.ts';

const manifestSchema = z.looseObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
  }),
  spec: z.looseObject({}),
});

const podWorkSchema = z.strictObject({
  /** Of the engine whose attempt it is. */
  engine: z.string(),
  /** By which its pod shows who it is. */
  token: z.string(),
  /** The Job, as it is given to the cluster each time. */
  manifest: manifestSchema,
  /** What `driver.sh` sources in the pod. */
  order: z.string(),
  /** Whether the pod gets the working directory that lies beside this file. */
  hasWorkingDirectory: z.boolean(),
  graceMs: z.number(),
});

/** Everything that is needed to run an attempt in the cluster, now or after a restart. */
export type PodWork = z.infer<typeof podWorkSchema>;

export function podWorkPath(attemptDirectory: string): string {
  return join(attemptDirectory, 'kubernetes.json');
}

/** Null where the attempt is none of this kind, or its files are gone. */
export function readPodWork(attemptDirectory: string): PodWork | null {
  const text = readTextIfThere(podWorkPath(attemptDirectory));
  return text === null ? null : podWorkSchema.parse(JSON.parse(text));
}

/** Writes it unless it is there. Answers what is there: the first one counts, since the cluster may have it. */
export function keepPodWork(attemptDirectory: string, work: PodWork): PodWork {
  appearOnce(podWorkPath(attemptDirectory), JSON.stringify(work));
  return readPodWork(attemptDirectory) ?? work;
}

/** Makes a file appear with its whole text, and on the disk; false where there is one already. */
export function appearOnce(path: string, text: string): boolean {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(unfinished, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
    linkSync(unfinished, path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    closeSync(file);
    rmSync(unfinished, { force: true });
  }
  syncFolder(dirname(path));
  return true;
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
