import { EnvironmentFailure } from '../environment.ts';

export interface Waiter {
  /** Its own: an abort of one does not touch the others. */
  signal: AbortSignal;
  /** How long it waits, from the moment the build begins (or from its own arrival, where that is later). */
  timeoutMs: number;
}

export interface SharedBuildContext {
  /** Aborts when the last waiter has left. */
  signal: AbortSignal;
  /** To be called when the waiting for a free place is over: only then the waiters' time runs. */
  onBegin(): void;
  onStep(describe: () => string): void;
}

/** Work that several want at the same time and that is done once for all of them. */
export interface SharedBuilds<T> {
  /**
   * Takes part in the build of `key`, or begins it. A failure reaches all that wait now, and is not kept for those to come.
   *
   * @throws what the build throws; {@link EnvironmentFailure} after the waiter's time; the reason of its signal. Where it
   * was the last to wait, it is told only when the build has cleaned up.
   */
  join(key: string, waiter: Waiter, build: (context: SharedBuildContext) => Promise<T>): Promise<T>;
}

interface Build<T> {
  result: Promise<T>;
  begun: Promise<void>;
  abort: AbortController;
  waiters: number;
  isSettled: boolean;
  describe: () => string;
}

/** @param onCleanUpError hears of errors in builds that nobody waits for any more */
export function createSharedBuilds<T>(onCleanUpError: (error: unknown) => void): SharedBuilds<T> {
  const builds = new Map<string, Build<T>>();

  function begin(key: string, work: (context: SharedBuildContext) => Promise<T>): Build<T> {
    const begun = Promise.withResolvers<void>();
    const abort = new AbortController();
    const context: SharedBuildContext = {
      signal: abort.signal,
      onBegin: begun.resolve,
      onStep: (describe) => {
        build.describe = describe;
      },
    };
    const result = Promise.resolve()
      .then(() => work(context))
      .finally(() => {
        build.isSettled = true;
        forget(key, build);
      });
    const build: Build<T> = {
      result,
      begun: begun.promise,
      abort,
      waiters: 0,
      isSettled: false,
      describe: () => 'it had not begun',
    };
    builds.set(key, build);
    return build;
  }

  function forget(key: string, build: Build<T>): void {
    if (builds.get(key) === build) builds.delete(key);
  }

  /** The next one to want it begins anew, while this one is still cleaning up. */
  async function abandon(key: string, build: Build<T>): Promise<void> {
    forget(key, build);
    build.abort.abort();
    try {
      await build.result;
    } catch (error) {
      if (error !== build.abort.signal.reason) onCleanUpError(error);
    }
  }

  return {
    async join(key, waiter, work) {
      waiter.signal.throwIfAborted();
      const build = builds.get(key) ?? begin(key, work);
      build.waiters += 1;
      const patience = watchPatience(build, waiter);
      try {
        return await Promise.race([build.result, patience.lost]);
      } finally {
        patience.end();
        build.waiters -= 1;
        if (build.waiters === 0 && !build.isSettled) await abandon(key, build);
      }
    },
  };
}

/** `lost` rejects when the waiter gives up; never resolves. */
function watchPatience(build: Build<unknown>, { signal, timeoutMs }: Waiter): { lost: Promise<never>; end(): void } {
  const { promise: lost, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  void build.begun.then(() => {
    if (!hasEnded) timer = setTimeout(() => reject(takesTooLong(timeoutMs, build.describe())), timeoutMs);
  });
  return {
    lost,
    end() {
      hasEnded = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    },
  };
}

function takesTooLong(timeoutMs: number, progress: string): EnvironmentFailure {
  return new EnvironmentFailure(
    `the environment was not ready within ${timeoutMs / 1000} s (config.setup_timeout_seconds); ${progress}`,
  );
}
