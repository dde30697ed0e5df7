import { watch } from 'node:fs';
import type { AttemptPaths } from '../attempt-directory.ts';
import { errorCode } from './error-code.ts';

/**
 * Calls back when a supervisor has written to an attempt's record, once for what came together. Answers what ends that.
 * Where the kernel has no watch left the sweep alone finds news, and `onFailure` says so.
 */
export function watchRecord(
  paths: AttemptPaths,
  onWritten: () => void,
  onFailure: (error: unknown) => void,
): () => void {
  let pending: NodeJS.Immediate | null = null;
  try {
    const watcher = watch(paths.directory, (event, name) => {
      // 'rename' is the claim, which says nothing yet.
      if (event !== 'change' || name !== 'record' || pending) return;
      pending = setImmediate(() => {
        pending = null;
        onWritten();
      });
    });
    watcher.on('error', onFailure);
    return () => {
      if (pending) clearImmediate(pending);
      watcher.close();
    };
  } catch (error) {
    // Without a directory there will be no news either.
    if (errorCode(error) !== 'ENOENT') onFailure(error);
    return () => undefined;
  }
}
