/** Runs one piece of work after another, so that each sees what those before it have changed. */
export type Sequence = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

export function createSequence(): Sequence {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
