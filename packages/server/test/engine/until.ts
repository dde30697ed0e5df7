import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until the answer is neither null nor false; rejects after 20 s. */
export async function until<T>(what: string, ask: () => T | null | false | Promise<T | null | false>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`still not: ${what}`);
    await delay(10);
  }
}
