import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { hasCode, reasonOf } from '../errors/system-error.ts';
import { EnvironmentFailure, type WorkingDirectorySource } from './environment.ts';
import { type UnpackOptions, unpackSource } from './unpack-source.ts';

export interface MadeWorkingDirectory {
  path: string;
  /** What an unpacked archive takes; 0 for any other. */
  diskBytes: number;
}

/**
 * Makes an attempt's working directory: the job's own directory in place, or `ownDirectory`.
 *
 * @param options `sharesDisk`: whether the driver sees the files of the server
 * @param ownDirectory what was there, of a try before, is replaced
 * @throws {EnvironmentFailure}; the signal's reason; system errors as they are
 */
export async function makeWorkingDirectory(
  source: WorkingDirectorySource,
  ownDirectory: string,
  options: UnpackOptions & { sharesDisk: boolean },
  waiter: { signal: AbortSignal; timeoutMs: number },
): Promise<MadeWorkingDirectory> {
  switch (source.kind) {
    case 'directory':
      // Else it is one of the image's.
      if (options.sharesDisk) await checkDirectory('working_dir', source.path);
      return { path: source.path, diskBytes: 0 };
    case 'none':
      await rm(ownDirectory, { recursive: true, force: true });
      await mkdir(ownDirectory);
      return { path: ownDirectory, diskBytes: 0 };
    case 'file':
    case 'package':
    case 'remote':
      return { path: ownDirectory, diskBytes: await unpackSource(source, ownDirectory, options, waiter) };
  }
}

/** @param field of `runtime_env`, for the message. @throws {EnvironmentFailure} where it cannot be used */
export async function checkDirectory(field: string, path: string): Promise<void> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
    if (isDirectory) await access(path, constants.X_OK);
  } catch (error) {
    throw new EnvironmentFailure(`${field} ${path} cannot be used: ${explain(error)}`, { cause: error });
  }
  if (isDirectory) return;
  throw new EnvironmentFailure(`${field} ${path} is no directory; an archive is given as file://${path}, and unpacked`);
}

function explain(error: unknown): string {
  if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 'there is no such directory on the machine of the server';
  if (hasCode(error, 'EACCES', 'EPERM')) return 'the server is not allowed to enter it';
  return reasonOf(error);
}
