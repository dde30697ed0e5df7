import type { Logger } from 'pino';
import { readTokenFile } from './token-file.ts';

/** The bearer token in force. */
export interface TokenSource {
  /** Null where none is wanted. */
  read(): string | null;
  /** Reads the file again; a token that cannot be used leaves the old one in force, and is told in the log. */
  reload(): void;
}

/** @throws where a file is named and holds no usable token */
export function createTokenSource(path: string | null, log: Logger): TokenSource {
  if (path === null) return { read: () => null, reload: () => {} };
  const load = (): string => {
    const { value, isExposed } = readTokenFile(path);
    if (isExposed) log.warn({ path }, 'other accounts can read the token file; give it mode 600');
    return value;
  };
  let token = load();
  return {
    read: () => token,
    reload() {
      try {
        token = load();
        log.info({ path }, 'read the token file again');
      } catch (error) {
        log.error({ err: error }, 'the old token stays in force');
      }
    },
  };
}
