/**
 * Looks once for all that ask in the same turn of the event loop: the metrics of one scrape are read one after another, and tell of one
 * moment.
 */
export function shareLook<Seen>(look: () => Seen): () => Seen {
  let shared: { seen: Seen } | null = null;
  return () => {
    if (shared === null) {
      shared = { seen: look() };
      queueMicrotask(() => {
        shared = null;
      });
    }
    return shared.seen;
  };
}
