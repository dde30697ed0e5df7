import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { EnvironmentFailure, type EnvironmentPreparer } from '../../src/environment/environment.ts';
import { createPreparationTimes } from '../../src/metrics/environment-times.ts';
import { asked, NEVER } from '../environment/preparing.ts';
import { parseExposition, valuesOf } from './parse-exposition.ts';

const READY = { workingDirectory: '/srv', variables: {}, diskBytes: 7 };

/** What becomes of a preparation is in the request: `fail`, or nothing. */
const preparer: EnvironmentPreparer = {
  needsSharedPart: ({ runtimeEnv }) => 'pip' in runtimeEnv,
  async prepareShared({ runtimeEnv }, signal) {
    signal.throwIfAborted();
    if ('fail' in runtimeEnv) throw new EnvironmentFailure('no such package');
  },
  prepareAttempt: async () => READY,
};

test('both parts are measured with their outcome, and pass on what they were given and what came of it', async () => {
  const registry = new Registry();
  const timed = createPreparationTimes(registry)(preparer);
  expect(timed.needsSharedPart(asked({ pip: [] }))).toBe(true);
  expect(timed.needsSharedPart(asked({}))).toBe(false);
  await timed.prepareShared(asked({}), NEVER);
  await expect(timed.prepareShared(asked({ fail: true }), NEVER)).rejects.toThrow('no such package');
  await expect(timed.prepareShared(asked({}), AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  expect(await timed.prepareAttempt(asked({}), '/attempt', NEVER)).toBe(READY);
  const values = valuesOf(parseExposition(await registry.metrics()), 'drover_environment_preparation_seconds');
  const counts = Object.entries(values).filter(([key]) => key.endsWith(',count'));
  expect(Object.fromEntries(counts)).toEqual({
    'part=shared,outcome=ready,count': 1,
    'part=shared,outcome=failed,count': 1,
    'part=shared,outcome=stopped,count': 1,
    'part=attempt,outcome=ready,count': 1,
  });
});
