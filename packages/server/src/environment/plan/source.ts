import { packageNameOf } from '../../packages/package-name.ts';
import type { ArchiveSource } from '../environment.ts';
import { accept, type Checked, quote, refuse } from './checked.ts';

const ALLOWED =
  'allowed are the absolute path of a directory, file:///path/of/an/archive.zip, gcs://NAME of an uploaded package, and ' +
  'https://HOST/archive.zip where the operator allows the host';

/**
 * Reads where files come from, in the forms that `working_dir` and `py_modules` share. Whether they exist shows when the environment
 * is made.
 */
export function checkSource(value: string): Checked<{ kind: 'directory'; path: string } | ArchiveSource> {
  if (value.includes('\0')) return refuse(`${quote(value)} contains a NUL character, which no path has`);
  if (value.startsWith('/')) return accept({ kind: 'directory', path: value });

  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(value)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return refuse(`${quote(value)} is a relative path; ${ALLOWED}`);
    case 'file':
      return checkFileUri(value);
    case 'gcs':
      return checkPackageUri(value);
    case 'http':
    case 'https':
      return checkRemoteUri(value);
    default:
      return refuse(`${quote(value)}: scheme not allowed; ${ALLOWED}`);
  }
}

function checkRemoteUri(uri: string): Checked<ArchiveSource> {
  if (!URL.canParse(uri)) return refuse(`${quote(uri)} is no address; ${ALLOWED}`);
  const { username, password } = new URL(uri);
  // They would be shown with the job.
  if (username !== '' || password !== '') return refuse('holds a user name or password in its address: not allowed');
  return accept({ kind: 'remote', uri });
}

function checkPackageUri(uri: string): Checked<ArchiveSource> {
  const name = packageNameOf(uri);
  return name === null
    ? refuse(`${quote(uri)} is no name that a package can have`)
    : accept({ kind: 'package', name, uri });
}

/** RFC 8089: no host or `localhost`. Query and fragment have no meaning for a file. */
function checkFileUri(uri: string): Checked<ArchiveSource> {
  const parts = /^file:(?:\/\/([^/]*))?(\/.*)?$/is.exec(uri);
  const host = parts?.[1] ?? '';
  const encodedPath = parts?.[2];
  if (encodedPath === undefined) return refuse(`${quote(uri)} has no absolute path; ${ALLOWED}`);
  if (host !== '' && host.toLowerCase() !== 'localhost') {
    return refuse(
      `${quote(uri)} names the host ${quote(host)}; only files of this machine: file:///path, three slashes`,
    );
  }
  if (/[?#]/.test(encodedPath)) {
    return refuse(`${quote(uri)} has a query or fragment; in the name of a file write ? as %3F and # as %23`);
  }
  const path = decodePercent(encodedPath);
  if (path === null) return refuse(`${quote(uri)} has a % that begins no UTF-8 character; write % as %25`);
  if (path.includes('\0')) return refuse(`${quote(uri)} contains a NUL character, which no path has`);
  return accept({ kind: 'file', path, uri });
}

function decodePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
