import { droverError } from '../errors/drover-error.ts';

/** Linux takes no longer argument (MAX_ARG_STRLEN, its closing NUL included), and `sh -c` gets the entrypoint as one. */
export const MAX_ENTRYPOINT_BYTES = 128 * 1024 - 1;

/**
 * Refuses an entrypoint that no process could be started with.
 *
 * @throws `INVALID_BODY`
 */
export function checkEntrypoint(entrypoint: string): void {
  if (entrypoint.includes('\0')) throw droverError('INVALID_BODY', { detail: 'entrypoint must not hold a NUL byte' });
  const bytes = Buffer.byteLength(entrypoint);
  if (bytes <= MAX_ENTRYPOINT_BYTES) return;
  const detail = `entrypoint has ${bytes} bytes, and at most ${MAX_ENTRYPOINT_BYTES} are possible; put it into a script`;
  throw droverError('INVALID_BODY', { detail });
}
