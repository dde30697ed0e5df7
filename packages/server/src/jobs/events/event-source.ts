import { isTerminal } from '../../job/status.ts';
import type { EventBounds, TenantEvent } from '../../store/store.ts';
import type { JobService } from '../service.ts';

/** Where a follower of events reads: the history of one job, or of all. */
export interface EventSource {
  /** What is kept now. Who resumes with another id has missed something, or comes from somewhere else. */
  bounds(): Promise<EventBounds>;
  /** Oldest first, ids above `afterId`. */
  page(afterId: number, limit: number): Promise<TenantEvent[]>;
  /** Hears of every new event, and of more. */
  watch(listener: () => void): () => void;
  /** Whether more can happen. */
  state(): Promise<'open' | 'ended' | 'deleted'>;
}

export function allEvents(service: JobService): EventSource {
  return {
    bounds: service.eventBounds,
    page: service.allEvents,
    watch: (listener) => service.watch(null, listener),
    state: async () => 'open',
  };
}

export function eventsOfJob(service: JobService, id: string): EventSource {
  return {
    async bounds() {
      // One event before the first is no event of this job: whoever saw it saw another job of the same id.
      const [{ newestId }, [first]] = await Promise.all([service.eventBounds(), service.events(id, 0, 1)]);
      return { oldestId: first === undefined ? newestId + 1 : first.id + 1, newestId };
    },
    async page(afterId, limit) {
      const job = await service.get(id);
      if (job === null) return [];
      return (await service.events(id, afterId, limit)).map((event) => ({ ...event, tenant: job.tenant }));
    },
    watch: (listener) => service.watch(id, listener),
    async state() {
      const job = await service.get(id);
      if (job === null) return 'deleted';
      return isTerminal(job.status) ? 'ended' : 'open';
    },
  };
}
