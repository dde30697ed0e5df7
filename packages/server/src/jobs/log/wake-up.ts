/** A wait that any number of sources can end; what happens while nobody waits is not lost. */
export interface WakeUp {
  /** Ends the present wait, or the next one. */
  ring(): void;
  /** Resolves after a ring, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let isRung = false;
  let resolveWait: (() => void) | null = null;

  return {
    ring() {
      isRung = true;
      resolveWait?.();
    },

    async wait(timeoutMs) {
      if (!isRung) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          resolveWait = resolve;
          timer = setTimeout(resolve, timeoutMs);
        });
        clearTimeout(timer);
        resolveWait = null;
      }
      isRung = false;
    },
  };
}
