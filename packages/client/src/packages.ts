import { DroverApiError } from './errors.ts';
import type { StoredPackage } from './job.ts';
import { parsePackage } from './parse-answer.ts';
import type { Transport } from './transport.ts';

/** A stream is sent as it comes. Browsers send streams over HTTP/2 alone: a `Blob` or `File` goes everywhere. */
export type PackageBytes = ReadableStream<Uint8Array<ArrayBuffer>> | Blob;

export async function fetchPackage(
  transport: Pick<Transport, 'sendForJson'>,
  name: string,
  signal: AbortSignal | undefined,
): Promise<StoredPackage | null> {
  try {
    return parsePackage(await transport.sendForJson({ path: packagePath(name), signal }));
  } catch (error) {
    if (error instanceof DroverApiError && error.code === 'PACKAGE_NOT_FOUND') return null;
    throw error;
  }
}

export async function sendPackage(
  transport: Transport,
  name: string,
  bytes: PackageBytes,
  signal: AbortSignal | undefined,
): Promise<StoredPackage> {
  return parsePackage(await transport.sendForJson({ method: 'PUT', path: packagePath(name), bytes, signal }));
}

/** @throws {DroverApiError} for the texts that are no segment of a path, and would reach another route. */
export function packagePath(name: string): string {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) {
    throw new DroverApiError({
      code: 'INVALID_PACKAGE_NAME',
      status: 400,
      title: 'The package name is not allowed',
      detail: `package name '${name}' is not allowed: no package can have it`,
      similarIds: [],
    });
  }
  return `/packages/${name}`;
}
