import { chmod, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { DataDirectoryError } from './data-directory-error.ts';

const OWNER_ONLY = 0o700;

export interface PrivateDirectory {
  /** Absolute, without links. */
  path: string;
  /** What the operator should know, as sentences. */
  notices: string[];
}

/**
 * Makes the directory and those above it where they are missing, for its owner only. One of ours that others may enter is
 * tightened, with a notice.
 *
 * @throws {DataDirectoryError} where it cannot be made, is no directory, holds other things, or belongs to another user (root
 * may use it)
 */
export async function makePrivateDirectory(asked: string): Promise<PrivateDirectory> {
  const path = await makeDirectory(asked);
  const { mode, uid } = await stat(path);
  const permissions = mode & 0o777;
  const ownUid = process.geteuid?.();
  if (uid !== ownUid && ownUid !== 0) {
    throw new DataDirectoryError(`data directory ${path} belongs to another user (uid ${uid})`);
  }
  await refuseForeignFolder(path);
  if (uid !== ownUid) {
    return { path, notices: [`data directory ${path} belongs to uid ${uid}, who can read all jobs and their output`] };
  }
  if (permissions === OWNER_ONLY) return { path, notices: [] };
  await chmod(path, OWNER_ONLY);
  if ((permissions & 0o077) === 0) return { path, notices: [] };
  return {
    path,
    notices: [`data directory ${path} was open to other users (mode ${permissions.toString(8)}): it is 700 now`],
  };
}

/** One of these is in every folder that a server ever began to use. */
const OWN_FILES = ['lock.db', 'node-id', 'jobs.db'];

/** To close a folder that others share, such as /tmp, would do harm that a mistyped flag must not do. */
async function refuseForeignFolder(path: string): Promise<void> {
  const names = await readdir(path);
  if (names.length === 0 || OWN_FILES.some((name) => names.includes(name))) return;
  throw new DataDirectoryError(
    `data directory ${path} holds other things (${names[0]}${names.length > 1 ? ' …' : ''}): name a folder for Drover alone`,
  );
}

async function makeDirectory(asked: string): Promise<string> {
  try {
    await mkdir(asked, { recursive: true, mode: OWNER_ONLY });
    return await realpath(asked);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataDirectoryError(`data directory ${asked} cannot be made: ${reason}`, { cause: error });
  }
}
