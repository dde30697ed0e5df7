import type { StoredPackage } from '../job.ts';

/** Bytes, piece by piece. */
export type Pieces = AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>;

/** The two requests of an upload. Both reject as those of the client do; with what the archive throws as well. */
export interface PackageRequests {
  find(name: string, signal: AbortSignal | undefined): Promise<StoredPackage | null>;
  /** @param archive a piece must have been used when the next one is asked for */
  send(name: string, archive: Pieces, signal: AbortSignal | undefined): Promise<void>;
}
