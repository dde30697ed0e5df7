import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { appendOutput } from './door/append-output.ts';
import type { PodState } from './pod-state.ts';

/** Brings output that no courier delivered, from where `pod-supervisor.sh` printed it: what Kubernetes keeps of its container. */
export interface OutputRescue {
  /** Whether it is to be waited for: begins with the first call, and ends with success, or after a few tries. */
  isUnderWay(pod: PodState): boolean;
}

export interface OutputRescueParts {
  logPath: string;
  /** All that a container of the pod has printed. */
  readPrinted(pod: PodState): Promise<Buffer>;
  onOver(): void;
  /** Between two tries. Default 2000. */
  againAfterMs?: number;
  warn(message: string, cause: unknown): void;
}

const TRIES = 3;

export function createOutputRescue(parts: OutputRescueParts): OutputRescue {
  const { logPath, readPrinted, onOver, againAfterMs = 2000, warn } = parts;
  let state: 'idle' | 'busy' | 'over' = 'idle';

  async function bring(pod: PodState): Promise<void> {
    for (let left = TRIES; ; left -= 1) {
      try {
        keep(findOutput(await readPrinted(pod)));
        return;
      } catch (error) {
        warn(`what the pod ${pod.name} printed could not be read`, error);
        if (left === 1) break;
        await delay(againAfterMs);
      }
    }
    keep(null);
  }

  function keep(output: PrintedOutput | null): void {
    const size = statSync(logPath, { throwIfNoEntry: false })?.size ?? 0;
    if (output === null) {
      say(size, 'drover: the courier of the pod died before it had brought all output: the end of it may be missing\n');
      return;
    }
    if (output.from <= size) {
      append(output.from, output.bytes);
      return;
    }
    append(
      say(size, `drover: ${output.from - size} bytes of output were lost with the courier of the pod\n`),
      output.bytes,
    );
  }

  const say = (size: number, sentence: string) => append(size, Buffer.from(sentence));

  function append(offset: number, bytes: Buffer): number {
    const size = appendOutput(logPath, offset, bytes);
    if (size < offset + bytes.length) throw new Error('the log could be written in part only');
    return size;
  }

  return {
    isUnderWay(pod) {
      if (state === 'idle') {
        state = 'busy';
        void bring(pod)
          .catch((error) => warn('the log of a driver could not be written', error))
          .finally(() => {
            state = 'over';
            onOver();
          });
      }
      return state === 'busy';
    },
  };
}

interface PrintedOutput {
  /** Where the bytes stand in the whole output. */
  from: number;
  bytes: Buffer;
}

/** The driver's output within what the supervisor printed; null where it printed none. */
export function findOutput(printed: Buffer): PrintedOutput | null {
  const mark = /^drover-output (\d{1,15}) (\d{1,15})\n/m.exec(printed.toString('latin1'));
  if (mark === null) return null;
  const [line, from, size] = mark;
  const begin = mark.index + line.length;
  // Kubernetes ends what has no newline at its end with one.
  return { from: Number(from), bytes: printed.subarray(begin, begin + Number(size) - Number(from)) };
}
