import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../usage-error.ts';

/**
 * What `--working-dir` means to the server: a URI stays as it is, a zip file becomes a `file://` URI, any other path an
 * absolute one. The path is one of the server's machine, so nothing is looked up here.
 *
 * @throws {UsageError} for an empty one: a variable that is not set would mean the caller's own folder.
 */
export function workingDirectory(given: string, cwd: string): string {
  if (given === '') throw new UsageError('--working-dir is empty: name a folder, or . for this one');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return given;
  const path = resolve(cwd, given);
  return /\.zip$/i.test(path) ? pathToFileURL(path).href : path;
}
