import type { EventBounds, TenantEvent } from '../../store/store.ts';
import { createWakeUp } from '../log/wake-up.ts';
import type { EventSource } from './event-source.ts';

/** Read at once; a follower holds no more than this, however slow it is. */
const PAGE = 100;

export type EventNews =
  | { type: 'event'; event: TenantEvent }
  /** The history that the follower knows is not the beginning of what comes now: it has to look at the jobs again. */
  | { type: 'reset'; bounds: EventBounds }
  /** Nothing was told for a while. */
  | { type: 'idle' }
  /** The job was deleted, its history with it. */
  | { type: 'deleted' };

export interface FollowOptions {
  /** The last id that the follower knows; 0 begins with the oldest that is kept, null with what happens from now on. */
  afterId: number | null;
  isWanted: (event: TenantEvent) => boolean;
  /** `idle` is told after so long a silence. */
  idleMs: number;
}

/**
 * Events as they are committed, each once and in the order of their ids, until nothing more can happen or `signal` aborts. Reads
 * from the store at the pace of the follower: nothing is kept for one that is slow.
 */
export async function* followEvents(
  source: EventSource,
  { afterId, isWanted, idleMs }: FollowOptions,
  signal: AbortSignal,
): AsyncGenerator<EventNews> {
  const news = createWakeUp();
  // Listening begins before the first look, or what happens in between would be missed.
  const stopWatching = source.watch(news.ring);
  signal.addEventListener('abort', news.ring, { once: true });
  try {
    const bounds = await source.bounds();
    let position = afterId ?? bounds.newestId;
    if (hasGap(position, bounds)) {
      position = 0;
      yield { type: 'reset', bounds };
    }
    let toldAtMs = performance.now();
    while (!signal.aborted) {
      // The state first: when nothing more can happen, the page behind it is the last.
      const state = await source.state();
      const page = await source.page(position, PAGE);
      for (const event of page) {
        position = event.id;
        if (!isWanted(event)) continue;
        yield { type: 'event', event };
        toldAtMs = performance.now();
      }
      if (page.length === PAGE) continue;
      if (state === 'deleted') yield { type: 'deleted' };
      if (state !== 'open') return;
      const silentMs = performance.now() - toldAtMs;
      if (silentMs >= idleMs) {
        yield { type: 'idle' };
        toldAtMs = performance.now();
      }
      await news.wait(Math.max(1, idleMs - (performance.now() - toldAtMs)));
    }
  } finally {
    stopWatching();
    signal.removeEventListener('abort', news.ring);
  }
}

/** An id right below the oldest has missed nothing; one above the newest is from another store. */
function hasGap(afterId: number, { oldestId, newestId }: EventBounds): boolean {
  return afterId > newestId || (afterId > 0 && afterId < oldestId - 1);
}
