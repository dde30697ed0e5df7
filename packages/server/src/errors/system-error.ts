/**
 * Whether the operating system refused something. Errors of zlib, yauzl and our own have no `syscall`.
 */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && typeof error.syscall === 'string';
}

/** Whether it is a system error with one of these codes: `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return isSystemError(error) && error.code !== undefined && codes.includes(error.code);
}

/** The message of whatever was thrown; of several errors at once (a name with several addresses), that of the first. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0)
    return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
