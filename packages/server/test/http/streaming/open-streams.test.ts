import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createOpenStreams } from '../../../src/http/streaming/open-streams.ts';

function makeResponse(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()));
}

async function closed(response: ServerResponse): Promise<ServerResponse> {
  const closing = once(response, 'close');
  response.destroy();
  await closing;
  return response;
}

/** Runs the garbage collector, which Node hands out on request only. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

test('a client that goes away aborts its answer, and the end of the server those without an end', async () => {
  const streams = createOpenStreams();
  const gone = makeResponse();
  const goneSignal = streams.open(gone, { endsWithServer: false });
  const finite = streams.open(makeResponse(), { endsWithServer: false });
  const endless = streams.open(makeResponse(), { endsWithServer: true });
  await closed(gone);
  expect([goneSignal.aborted, finite.aborted, endless.aborted]).toEqual([true, false, false]);
  streams.endAll();
  expect([finite.aborted, endless.aborted]).toEqual([false, true]);
  expect(streams.open(makeResponse(), { endsWithServer: true }).aborted).toBe(true);
});

test('an answer whose client had gone before is aborted from the start, and not kept', async () => {
  const streams = createOpenStreams();
  const kept: WeakRef<AbortSignal>[] = [];
  for (let index = 0; index < 20; index += 1) {
    const signal = streams.open(await closed(makeResponse()), { endsWithServer: true });
    expect(signal.aborted).toBe(true);
    kept.push(new WeakRef(signal));
  }
  await nextTurn();
  collectGarbage();
  // The last one may still lie on the stack.
  expect(kept.filter((signal) => signal.deref() !== undefined).length).toBeLessThanOrEqual(1);
  // Used until here, so that it is not collected itself.
  streams.endAll();
});
