import type { ArchiveBudget } from './budget.ts';
import type { SpaceNeed } from './disk-space.ts';
import type { SpaceWatch } from './space-watch.ts';

/** An open archive of one format. Both passes check every member, and reject with `EnvironmentFailure` at the first that is refused. */
export interface ArchiveReader {
  /** Goes through all members without writing anything. */
  measure(budget: ArchiveBudget, signal: AbortSignal): Promise<SpaceNeed>;
  /** Writes all members below `root`, an empty folder. */
  writeTo(root: string, guards: WriteGuards, signal: AbortSignal): Promise<void>;
  /** Gives the file back. */
  close(): Promise<void>;
}

export interface WriteGuards {
  budget: ArchiveBudget;
  space: SpaceWatch;
}
