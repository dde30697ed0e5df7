import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A helper in a process of its own. It is sent one order, may say that it is `ready`, and answers with a result. */
export interface Helper<Result> {
  /** Resolves when it says so. */
  ready: Promise<void>;
  /** Rejects where the helper ends without one. */
  result: Promise<Result>;
}

/** What a helper says. */
export type Answer<Result> = 'ready' | { result: Result };

/** @param file beside this one */
export function askChild<Order extends object, Result>(file: string, order: Order): Helper<Result> {
  const child = fork(new URL(file, import.meta.url), { serialization: 'advanced' });
  child.send(order);
  const ready = Promise.withResolvers<void>();
  const result = Promise.withResolvers<Result>();
  child.on('message', (message) => {
    const answer = message as Answer<Result>;
    if (answer === 'ready') ready.resolve();
    else result.resolve(answer.result);
  });
  void endOf(child).then(() => {
    const error = new Error(`${file} ended without an answer`);
    ready.reject(error);
    result.reject(error);
  });
  // Not everybody waits for it.
  ready.promise.catch(() => undefined);
  return { ready: ready.promise, result: result.promise };
}

async function endOf(child: ChildProcess): Promise<void> {
  await once(child, 'exit');
}

/** The helper's side: runs once, for the order, and ends the process. */
export function answerOrder<Order, Result>(run: (order: Order, sayReady: () => void) => Promise<Result>): void {
  process.once('message', (message) => {
    void run(message as Order, () => process.send?.('ready')).then((result) =>
      process.send?.({ result }, () => process.exit(0)),
    );
  });
}
