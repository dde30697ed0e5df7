/** Those who are told of commits. */
export interface Listeners<News extends readonly unknown[]> {
  /** Answers how to take the listener away again. */
  add(listener: (...news: News) => void): () => void;
  /** One that throws does not keep the others from hearing. */
  tell(...news: News): void;
}

export function createCommitListeners<News extends readonly unknown[]>(): Listeners<News> {
  const listeners = new Set<{ listener: (...news: News) => void }>();
  return {
    add(listener) {
      const entry = { listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    tell(...news) {
      for (const { listener } of listeners) {
        try {
          listener(...news);
        } catch (error) {
          // The commit stands and its writers must hear of it; the fault surfaces as an uncaught exception.
          process.nextTick(() => {
            throw error;
          });
        }
      }
    },
  };
}
