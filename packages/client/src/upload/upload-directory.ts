import type { DroverClient } from '../client.ts';
import { DroverApiError } from '../errors.ts';
import { DirectoryError } from './directory-error.ts';
import { hashMembers } from './hash-members.ts';
import { listMembers, type Member } from './list-members.ts';
import type { PackageRequests, Pieces } from './package-requests.ts';
import { requestsByFetch } from './requests-by-fetch.ts';
import { requestsByNode } from './requests-by-node.ts';
import { zipMembers } from './zip-stream.ts';

/** How far an upload is. Bytes are those of the files, as they lie on disk. */
export interface UploadProgress {
  /** First every file is read for the package's name; then, if the server does not have it, all are read and sent. */
  phase: 'hashing' | 'sending';
  /** Of the phase. */
  doneBytes: number;
  /** Of the directory, as it was listed. */
  totalBytes: number;
  /** Bytes of the archive handed to the network; 0 while hashing. */
  sentBytes: number;
}

export interface UploadOptions {
  /** Patterns in the grammar of `.gitignore`, which win over every `.gitignore`: `*.log`, `/data/`, `!results`. */
  excludes?: readonly string[] | undefined;
  /** Called often, at least for every 256 KiB. */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface UploadedDirectory {
  /** What `runtime_env.working_dir` takes. */
  uri: string;
  name: string;
  /** False where the server had it already. */
  isNew: boolean;
  /** Files and empty folders. */
  memberCount: number;
  /** Of the files, as they lie on disk. */
  totalBytes: number;
}

/** What an upload needs of a client. */
export type UploadClient = Pick<DroverClient, 'findPackage' | 'putPackage' | 'connection'>;

/**
 * Uploads a local directory as a zip archive, which jobs take as their `working_dir`. The name is made of the files' names, modes and
 * contents: what the server has is not sent again. The `.gitignore` of the directory and of those below it are respected; `.git`, `__pycache__`, `.venv`
 * and `venv` are left out.
 *
 * @throws {DirectoryError} where the directory cannot be read, is beyond what the server takes, or changes meanwhile; what the client throws
 */
export async function uploadDirectory(
  client: UploadClient,
  directory: string,
  options: UploadOptions = {},
): Promise<UploadedDirectory> {
  const { excludes = [], onProgress, signal } = options;
  const listed = await listMembers(directory, excludes);
  const totalBytes = listed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const progress: UploadProgress = { phase: 'hashing', doneBytes: 0, totalBytes, sentBytes: 0 };
  const tell = (change: Partial<UploadProgress>) => onProgress?.({ ...Object.assign(progress, change) });

  tell({});
  const { name, members } = await hashMembers(
    listed,
    (count) => tell({ doneBytes: progress.doneBytes + count }),
    signal,
  );
  const uploaded = { uri: `gcs://${name}`, name, memberCount: members.length, totalBytes };
  const requests = requestsOf(client);
  if ((await requests.find(name, signal)) !== null) return { ...uploaded, isNew: false };

  tell({ phase: 'sending', doneBytes: 0 });
  const zipped = zipMembers(members, (doneBytes) => tell({ doneBytes }), signal);
  const archive = counted(zipped, (count) => tell({ sentBytes: progress.sentBytes + count }));
  try {
    await requests.send(name, archive, signal);
  } catch (error) {
    throw explain(error, members, totalBytes);
  }
  return { ...uploaded, isNew: true };
}

/** By Node's own client where that reaches the server as the client does: it takes less memory. */
function requestsOf(client: UploadClient): PackageRequests {
  const connection = client.connection();
  return connection === null ? requestsByFetch(client) : requestsByNode(connection);
}

async function* counted(pieces: Pieces, onSent: (count: number) => void): Pieces {
  for await (const piece of pieces) {
    onSent(piece.length);
    yield piece;
  }
}

const NAMED_MEMBERS = 5;

/** Names what is worth leaving out, where the server says that the package is too large. */
function explain(error: unknown, members: readonly Member[], totalBytes: number): unknown {
  if (!(error instanceof DroverApiError && error.code === 'PACKAGE_TOO_LARGE')) return error;
  const biggest = members.toSorted((a, b) => b.sizeBytes - a.sizeBytes).slice(0, NAMED_MEMBERS);
  const lines = biggest.map(({ path, sizeBytes }) => `  ${inMebibytes(sizeBytes)}  ${path}`);
  const found = `${error.detail}; the directory has ${inMebibytes(totalBytes).trim()} in ${members.length} files. The biggest:`;
  const advice = 'leave out what the job does not need by .gitignore or excludes';
  return new DirectoryError(`${[found, ...lines].join('\n')}\n${advice}`, { cause: error });
}

function inMebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`.padStart(12);
}
