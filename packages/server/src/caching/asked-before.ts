/**
 * A client that walks through all jobs asks for each one once: to keep what it got would cost more (in garbage that has
 * grown old) than it ever saves. So many jobs are remembered as having been asked for.
 */
const REMEMBERED_ASKS = 2_048;

/** Answers whether a job was asked for not long ago, and remembers that it is now. A wrong answer is possible, and harmless. */
export function createAskedBefore(): (seq: number) => boolean {
  const asked = new Float64Array(REMEMBERED_ASKS);

  return (seq) => {
    const slot = seq % REMEMBERED_ASKS;
    const before = asked[slot] === seq;
    asked[slot] = seq;
    return before;
  };
}
