import { randomBytes } from 'node:crypto';
import type { StopSignal } from '../../../job/job.ts';
import type { PodCommand } from './pod-door.ts';

/** What pods are asked for, kept until they come for it. */
export interface CommandBoard {
  /** @param killAtMs by `performance.now()` */
  stop(attemptId: string, signal: StopSignal, killAtMs: number): void;
  finish(attemptId: string): void;
  /** Waits for the command behind `after`; null where none comes until `signal`, or until this is closed. */
  next(attemptId: string, after: string | null, signal: AbortSignal): Promise<PodCommand | null>;
  /** Whether a pod waits for a command at this moment. */
  isListening(attemptId: string): boolean;
  forget(attemptId: string): void;
  close(): void;
}

type Wanted = { id: string } & ({ kind: 'stop'; signal: StopSignal; killAtMs: number } | { kind: 'finish' });

export function createCommandBoard(): CommandBoard {
  const wanted = new Map<string, Wanted>();
  const waiting = new Map<string, Set<() => void>>();
  let isClosed = false;

  function wake(attemptId: string): void {
    for (const look of [...(waiting.get(attemptId) ?? [])]) look();
  }

  function put(attemptId: string, command: Wanted): void {
    wanted.set(attemptId, command);
    wake(attemptId);
  }

  // Of this server alone: a pod that heard another one's commands hears this one's all the same.
  const newId = () => randomBytes(8).toString('hex');

  return {
    stop: (attemptId, signal, killAtMs) => put(attemptId, { id: newId(), kind: 'stop', signal, killAtMs }),
    finish(attemptId) {
      if (wanted.get(attemptId)?.kind !== 'finish') put(attemptId, { id: newId(), kind: 'finish' });
    },

    next(attemptId, after, signal) {
      return new Promise((resolve) => {
        const listeners = waiting.get(attemptId) ?? new Set();
        waiting.set(attemptId, listeners);
        function look(): void {
          const command = wanted.get(attemptId);
          const isNew = command !== undefined && command.id !== after;
          if (!isNew && !signal.aborted && !isClosed) return;
          listeners.delete(look);
          if (listeners.size === 0 && waiting.get(attemptId) === listeners) waiting.delete(attemptId);
          signal.removeEventListener('abort', look);
          resolve(isNew ? present(command) : null);
        }
        listeners.add(look);
        signal.addEventListener('abort', look);
        look();
      });
    },

    isListening: (attemptId) => waiting.has(attemptId),

    forget(attemptId) {
      wanted.delete(attemptId);
    },

    close() {
      isClosed = true;
      for (const attemptId of [...waiting.keys()]) wake(attemptId);
    },
  };
}

function present(command: Wanted): PodCommand {
  if (command.kind === 'finish') return { id: command.id, kind: 'finish' };
  const { id, signal, killAtMs } = command;
  return { id, kind: 'stop', signal, graceMs: Math.max(0, Math.round(killAtMs - performance.now())) };
}
