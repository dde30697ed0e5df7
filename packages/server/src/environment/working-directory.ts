import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import type { ArchiveLimits } from './archive/budget.ts';
import { unpackZip } from './archive/unpack.ts';
import { EnvironmentFailure, type WorkingDirectorySource } from './environment.ts';
import type { Slots } from './slots.ts';
import { hasCode, reasonOf } from './system-error.ts';

export interface WorkingDirectoryOptions {
  archiveLimits: ArchiveLimits;
  /** Bounds how many archives are unpacked at once. */
  unpacking: Slots;
}

/**
 * Makes an attempt's working directory and answers its path: the job's own directory in place, or `ownDirectory`.
 *
 * @param ownDirectory what was there, of a try before, is replaced
 * @throws {EnvironmentFailure}; the signal's reason; system errors as they are
 */
export async function makeWorkingDirectory(
  source: WorkingDirectorySource,
  ownDirectory: string,
  options: WorkingDirectoryOptions,
  waiter: { signal: AbortSignal; timeoutMs: number },
): Promise<string> {
  switch (source.kind) {
    case 'directory':
      await checkDirectory(source.path);
      return source.path;
    case 'none':
      await rm(ownDirectory, { recursive: true, force: true });
      await mkdir(ownDirectory);
      return ownDirectory;
    case 'zip':
      await options.unpacking.run(waiter.signal, async () => {
        const timeout = AbortSignal.timeout(waiter.timeoutMs);
        const { path, uri } = source;
        const request = { path, uri, targetDirectory: ownDirectory, limits: options.archiveLimits };
        try {
          await unpackZip(request, AbortSignal.any([waiter.signal, timeout]));
        } catch (error) {
          if (error !== timeout.reason) throw error;
          throw new EnvironmentFailure(
            `${uri} was not unpacked within ${waiter.timeoutMs / 1000} s (config.setup_timeout_seconds)`,
          );
        }
      });
      return ownDirectory;
  }
}

async function checkDirectory(path: string): Promise<void> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
    if (isDirectory) await access(path, constants.X_OK);
  } catch (error) {
    throw new EnvironmentFailure(`working_dir ${path} cannot be used: ${explain(error)}`, { cause: error });
  }
  if (isDirectory) return;
  throw new EnvironmentFailure(
    `working_dir ${path} is no directory; an archive is given as file://${path}, and unpacked`,
  );
}

function explain(error: unknown): string {
  if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 'there is no such directory on the machine of the server';
  if (hasCode(error, 'EACCES', 'EPERM')) return 'the server is not allowed to enter it';
  return reasonOf(error);
}
