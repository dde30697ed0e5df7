import { droverError } from '../errors/drover-error.ts';

/** Names become file names, and parts of URIs and paths; any suffix is taken. */
export const PACKAGE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

const SCHEME = 'gcs://';

export function isPackageName(name: string): boolean {
  return PACKAGE_NAME.test(name);
}

/** @throws INVALID_PACKAGE_NAME */
export function checkPackageName(name: string): void {
  if (isPackageName(name)) return;
  const detail = 'a name has 1 to 200 letters, digits, dots, _ and -, and does not begin with a dot';
  throw droverError('INVALID_PACKAGE_NAME', { name: name.slice(0, 250), detail });
}

/** The name in `gcs://NAME`, as Ray calls what was uploaded; null for any other text, and for a name that no package can have. */
export function packageNameOf(uri: string): string | null {
  if (!uri.startsWith(SCHEME)) return null;
  const name = uri.slice(SCHEME.length);
  return isPackageName(name) ? name : null;
}
