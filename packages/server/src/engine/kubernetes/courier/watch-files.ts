import { type FSWatcher, watch } from 'node:fs';

/** Where the file system of the node tells no news, they are found as late as this. */
const LOOK_AGAIN_MS = 2000;
/** Where it cannot be watched, or tells more than can be listened to while others are to be heard. */
const LOOK_OFTEN_MS = 100;
const MOST_EVENTS_PER_SECOND = 2000;

/** Calls back when something in a folder may have changed, once for all that is new in a turn of the event loop. Answers what ends that. */
export function watchFolder(folder: string, onChange: () => void, lookAgainMs = LOOK_AGAIN_MS): () => void {
  let timer = setInterval(onChange, lookAgainMs);
  let next: NodeJS.Immediate | null = null;
  let events = 0;
  let secondBeganAt = performance.now();
  let watcher: FSWatcher | null = null;

  function onEvent(): void {
    const now = performance.now();
    if (now - secondBeganAt > 1000) {
      secondBeganAt = now;
      events = 0;
    }
    events += 1;
    if (events > MOST_EVENTS_PER_SECOND) lookOften();
    next ??= setImmediate(() => {
      next = null;
      onChange();
    });
  }

  function lookOften(): void {
    watcher?.close();
    watcher = null;
    clearInterval(timer);
    timer = setInterval(onChange, Math.min(lookAgainMs, LOOK_OFTEN_MS));
  }

  try {
    watcher = watch(folder, onEvent);
    watcher.on('error', lookOften);
  } catch {
    lookOften(); // There are more watches on the node than it allows, say.
  }
  return () => {
    watcher?.close();
    clearInterval(timer);
    if (next !== null) clearImmediate(next);
  };
}

/**
 * Looks at once, and whenever something in a folder may have changed, until there is an answer. Rejects where looking fails, also unheard:
 * whoever waits for several things may have gone on by then.
 */
export function waitInFolder<T>(folder: string, look: () => T | null, signal: AbortSignal): Promise<T> {
  const waiting = new Promise<T>((resolve, reject) => {
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
  waiting.catch(() => undefined);
  return waiting;
}
