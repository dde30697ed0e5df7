import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What `--working-dir` means to the server: a URI stays as it is, a zip file becomes a `file://` URI, any other path an
 * absolute one. The path is one of the server's machine, so nothing is looked up here.
 */
export function workingDirectory(given: string, cwd: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return given;
  const path = resolve(cwd, given);
  return /\.zip$/i.test(path) ? pathToFileURL(path).href : path;
}
