import { type Books, type EngineBook, isEngineFull, type WaitingShape } from './books.ts';
import { isFull } from './limits.ts';
import type { EngineRoomLeft } from './reservations.ts';

/** With more different demands than this it is not kept in mind which of them still fit: a walk then goes to its end. */
const MAX_SHAPES = 64;

/** The demands of waiting jobs that may still be met in this round: when there are none, the round is over. */
export interface OpenShapes {
  isNone(): boolean;
  /** Something was taken or set aside: looks again at those that were open. */
  narrow(): void;
}

export function createOpenShapes({ queues }: Books, roomOf: (engine: EngineBook) => EngineRoomLeft): OpenShapes {
  const waiting: WaitingShape[] = [];
  for (const { rules, gate, shapes } of queues.values()) {
    // Of such a queue nothing can start, whatever is set aside for its jobs.
    if (rules.state === 'paused' || isFull(gate)) continue;
    waiting.push(...shapes.values());
  }
  if (waiting.length > MAX_SHAPES) return { isNone: () => false, narrow: () => {} };
  const isOpen = ({ engine, ration, jobs, bounded }: WaitingShape) =>
    jobs > 0 && !isEngineFull(engine) && roomOf(engine).mayStillFit(ration, bounded > 0);
  let open = waiting.filter(isOpen);

  return {
    isNone: () => open.length === 0,
    narrow() {
      open = open.filter(isOpen);
    },
  };
}
