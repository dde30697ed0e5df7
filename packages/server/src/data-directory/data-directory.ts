import { hostname as systemHostname } from 'node:os';
import { join } from 'node:path';
import { lockDirectory } from './directory-lock.ts';
import { readOrMakeNodeId } from './node-id.ts';
import { makePrivateDirectory } from './private-directory.ts';
import { refuseNetworkFileSystem } from './refuse-network-file-system.ts';

/** A data directory that this process has to itself. */
export interface DataDirectory {
  /** Absolute, without links. */
  path: string;
  databasePath: string;
  /** Stable over restarts. */
  nodeId: string;
  /** What the operator should know, as sentences. */
  notices: readonly string[];
  /** Lets another server have it. Keep the object until then: the lock goes with it. */
  release(): Promise<void>;
}

export interface DataDirectoryOptions {
  /** Begins the node id at the first start. Default: the machine's. */
  hostname?: string;
  /** Default `/proc/self/mountinfo`. */
  mountInfoPath?: string;
}

/**
 * Makes, checks and locks the directory that everything durable lies in.
 *
 * @throws {DataDirectoryError} with a sentence for the operator: in use by another server, on a network file system,
 * another user's, or not to be made
 */
export async function openDataDirectory(asked: string, options: DataDirectoryOptions = {}): Promise<DataDirectory> {
  const { hostname = systemHostname(), mountInfoPath = '/proc/self/mountinfo' } = options;
  const { path, notices } = await makePrivateDirectory(asked);
  await refuseNetworkFileSystem(path, mountInfoPath);
  const lock = await lockDirectory(path);
  try {
    const nodeId = await readOrMakeNodeId(path, hostname);
    return { path, databasePath: join(path, 'jobs.db'), nodeId, notices, release: lock.release };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
