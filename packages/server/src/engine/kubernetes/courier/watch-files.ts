import { watch } from 'node:fs';

/** Where the file system of the node tells no news, they are found as late as this. */
const LOOK_AGAIN_MS = 2000;

/** Calls back when something in a folder may have changed, once for all that is new in a turn of the event loop. Answers what ends that. */
export function watchFolder(folder: string, onChange: () => void, lookAgainMs = LOOK_AGAIN_MS): () => void {
  let next: NodeJS.Immediate | null = null;
  const timer = setInterval(onChange, lookAgainMs);
  const watcher = watch(folder, () => {
    next ??= setImmediate(() => {
      next = null;
      onChange();
    });
  });
  watcher.on('error', () => watcher.close());
  return () => {
    clearInterval(timer);
    if (next !== null) clearImmediate(next);
    watcher.close();
  };
}

/** Looks at once, and whenever something in a folder may have changed, until there is an answer. Rejects where looking fails. */
export function waitInFolder<T>(folder: string, look: () => T | null, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = watchFolder(folder, lookAgain);
    const give = (): void => {
      end();
      reject(signal.reason);
    };
    signal.addEventListener('abort', give);
    function lookAgain(): void {
      try {
        const found = look();
        if (found === null) return;
        resolve(found);
      } catch (error) {
        reject(error);
      }
      end();
      signal.removeEventListener('abort', give);
    }
    if (signal.aborted) give();
    else lookAgain();
  });
}
