/** What an answer goes out on: a response of HTTP, or the socket of a connection that has left it. */
export interface Closeable {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

export interface StreamOptions {
  endsWithServer: boolean;
  /** It lasts as long as the jobs that it follows or waits for, which tells nothing of the server. Default false. */
  followsJobs?: boolean;
}

/** Answers that take long: each is told when its client has gone, and those without an end of their own when the server ends. */
export interface OpenStreams {
  /**
   * A signal that aborts when the client is gone; with `endsWithServer` also when the server shuts down. An answer whose length was
   * promised, or whose end a client needs, must not end with the server.
   */
  open(response: Closeable, options: StreamOptions): AbortSignal;
  /** Whether the answer follows jobs, see there. */
  isFollowing(response: Closeable): boolean;
  /** Ends those that end with the server. */
  endAll(): void;
}

export function createOpenStreams(): OpenStreams {
  const endless = new Set<AbortController>();
  const following = new WeakSet<Closeable>();
  let isEnding = false;

  return {
    open(response, { endsWithServer, followsJobs = false }) {
      if (followsJobs) following.add(response);
      const controller = new AbortController();
      if (response.destroyed || (endsWithServer && isEnding)) controller.abort();
      // A response that is closed will not say so again, and would be kept for ever.
      if (response.destroyed) return controller.signal;
      if (endsWithServer) endless.add(controller);
      // After a complete answer nobody listens any more, and the abort is harmless.
      response.once('close', () => {
        endless.delete(controller);
        controller.abort();
      });
      return controller.signal;
    },

    isFollowing: (response) => following.has(response),

    endAll() {
      isEnding = true;
      for (const controller of endless) controller.abort();
    },
  };
}
