import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openPackageStore } from '../../src/packages/open-package-store.ts';
import type { PackageStore } from '../../src/packages/package-store.ts';

export const EXPIRY_MS = 1_000;
export const MAX_BYTES = 4_096;

export interface Opened {
  packages: PackageStore;
  directory: string;
  warnings: string[];
  /** Lets time pass. */
  wait(ms: number): void;
  /** The same directory under the next server. */
  reopen(): Promise<Opened>;
}

export async function opening(directory?: string): Promise<Opened> {
  const path = directory ?? (await ownDirectory());
  let nowMs = 0;
  const warnings: string[] = [];
  const packages = await openPackageStore({
    directory: path,
    maxBytes: MAX_BYTES,
    expiryMs: EXPIRY_MS,
    clock: () => nowMs,
    warn: (message) => warnings.push(message),
  });
  return {
    packages,
    directory: path,
    warnings,
    wait: (ms) => {
      nowMs += ms;
    },
    reopen: () => opening(path),
  };
}

async function ownDirectory(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'drover-packages-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return join(root, 'packages');
}

/** The pieces, as a body would bring them; then `failure` where one is given. */
export async function* pieces(parts: readonly (string | Uint8Array)[], failure?: Error): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
  if (failure !== undefined) throw failure;
}

/** Everything that lies in the store's directory, by kind. */
export async function filesOf(directory: string): Promise<Record<'names' | 'contents' | 'incoming', string[]>> {
  const [names, contents, incoming] = await Promise.all(
    ['names', 'contents', 'incoming'].map((folder) => readdir(join(directory, folder))),
  );
  return { names: names ?? [], contents: contents ?? [], incoming: incoming ?? [] };
}
