import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../usage-error.ts';

/** The options of `drover submit` that concern the folder to run in. */
export interface WorkingDirectoryOptions {
  workingDir?: string;
  /** Use it where it is, on the server's machine. */
  inPlace?: boolean;
  /** Send it to the server. */
  upload?: boolean;
  /** Patterns of what is not sent. */
  exclude?: string[];
}

/** What the server is told, or what is uploaded first. */
export type WorkingDirectory = { kind: 'uri'; uri: string } | { kind: 'upload'; directory: string };

/**
 * What `--working-dir` means: a URI stays as it is, a zip file becomes a `file://` URI, an absolute path is used in place, on the server's machine;
 * any other folder is the caller's, and uploaded. `--in-place` and `--upload` say it explicitly. Null where no folder was asked for.
 *
 * @throws {UsageError} for an empty one: a variable that is not set would mean the caller's own folder; and for options that contradict each other.
 */
export function workingDirectory(options: WorkingDirectoryOptions, cwd: string): WorkingDirectory | null {
  const { workingDir: given, inPlace = false, upload = false, exclude } = options;
  if (inPlace && upload) throw new UsageError('--in-place and --upload exclude each other');
  if (given === undefined) {
    if (inPlace || upload || exclude !== undefined) {
      throw new UsageError('--in-place, --upload and --exclude concern --working-dir, which is not given');
    }
    return null;
  }
  if (given === '') throw new UsageError('--working-dir is empty: name a folder, or . for this one');
  const isUri = /^[a-z][a-z0-9+.-]*:\/\//i.test(given);
  if (isUri && upload) throw new UsageError(`--upload takes a folder, not '${given}'`);
  const isZip = /\.zip$/i.test(given);
  if (upload || !(inPlace || isUri || isZip || isAbsolute(given))) {
    return { kind: 'upload', directory: resolve(cwd, given) };
  }
  if (exclude !== undefined) {
    throw new UsageError(
      `--exclude is for folders that are uploaded, and '${given}' is not: say --upload to have it so`,
    );
  }
  if (isUri) return { kind: 'uri', uri: given };
  const path = resolve(cwd, given);
  return { kind: 'uri', uri: isZip ? pathToFileURL(path).href : path };
}
