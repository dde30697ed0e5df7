import { setTimeout as delay } from 'node:timers/promises';

/** Longer than any machine that does other things as well takes; who waits goes on as soon as it is there. */
export const PATIENCE_MS = 60_000;

/** Asks again until the answer is neither null nor false. @throws after `patienceMs` */
export async function until<T>(
  what: string,
  ask: () => T | null | false | Promise<T | null | false>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`still not: ${what}`);
    await delay(10);
  }
}
