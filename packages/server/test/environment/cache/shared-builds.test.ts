import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSharedBuilds, type SharedBuildContext } from '../../../src/environment/cache/shared-builds.ts';

/** A build that is told when to begin and how to end, and ends with the reason of its signal when it is given up. */
function openBuild() {
  const contexts: SharedBuildContext[] = [];
  const result = Promise.withResolvers<string>();
  return {
    contexts,
    end: result.resolve,
    fail: result.reject,
    run: (context: SharedBuildContext) => {
      contexts.push(context);
      context.signal.addEventListener('abort', () => result.reject(context.signal.reason));
      return result.promise;
    },
  };
}

const waiter = (timeoutMs: number) => ({ signal: new AbortController().signal, timeoutMs });

describe('createSharedBuilds', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("runs a waiter's time from the begin of the build: waiting for a place costs none", async () => {
    const builds = createSharedBuilds<string>(() => {});
    const build = openBuild();
    const joined = builds.join('key', waiter(1_000), build.run);
    await vi.advanceTimersByTimeAsync(100_000);
    build.contexts[0]?.onBegin();
    await vi.advanceTimersByTimeAsync(999);
    build.end('ready');
    expect(await joined).toBe('ready');
  });

  it('gives everyone time of their own, and ends the build when the last has left', async () => {
    const builds = createSharedBuilds<string>(() => {});
    const build = openBuild();
    const short = builds.join('key', waiter(1_000), build.run);
    const long = builds.join('key', waiter(5_000), build.run);
    const shortEnd = expect(short).rejects.toThrow('not ready within 1 s');
    const longEnd = expect(long).rejects.toThrow(
      'not ready within 5 s (config.setup_timeout_seconds); it was at: step 2',
    );
    await vi.advanceTimersByTimeAsync(0);
    const [context] = build.contexts;
    context?.onBegin();
    context?.onStep(() => 'it was at: step 2');
    await vi.advanceTimersByTimeAsync(1_000);
    await shortEnd;
    expect(context?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(4_000);
    await longEnd;
    expect(context?.signal.aborted).toBe(true);
    expect(build.contexts).toHaveLength(1);
  });

  it('tells of errors in builds that nobody waits for, other than that they were given up', async () => {
    const errors: unknown[] = [];
    const builds = createSharedBuilds<string>((error) => errors.push(error));
    const abort = new AbortController();
    const cleanUp = new Error('no permission to remove');
    const joined = builds.join('key', { signal: abort.signal, timeoutMs: 1_000 }, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw cleanUp;
    });
    const ended = expect(joined).rejects.toThrow('stopped');
    await vi.advanceTimersByTimeAsync(0);
    abort.abort(new Error('stopped'));
    await ended;
    expect(errors).toEqual([cleanUp]);
  });
});
