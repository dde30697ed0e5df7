import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../src/engine/record/grammar.ts';
import {
  ASK_WHY_FOR_MS,
  type ClusterEnd,
  type ClusterWord,
  decideRemote,
  isForgotten,
  LOOK_FOR_MS,
  type RemoteFound,
} from '../../../src/engine/remote/decide.ts';

const CLAIM = 'supervisor 10 200 boot-a 1 .\nplace 17 n2 .\n';
const DRIVER = 'driver 11 201 .\n';
const RAN = `${CLAIM}${DRIVER}`;

const UNKNOWN: ClusterWord = { kind: 'unknown' };
const ABSENT: ClusterWord = { kind: 'absent' };
const WAITING: ClusterWord = { kind: 'waiting', stuck: false };
const STUCK: ClusterWord = { kind: 'waiting', stuck: true };
const RUNNING: ClusterWord = { kind: 'running' };

function ended(details: Partial<ClusterEnd> = {}): ClusterEnd {
  return { kind: 'ended', exitCode: null, cause: 'itself', words: 'Cluster: over', ...details };
}

/** An attempt whose files are there and that nobody ends; for a long time nothing was heard of it. */
function found(details: Partial<RemoteFound> & { text?: string } = {}): RemoteFound {
  const { text, ...rest } = details;
  return {
    record: text === undefined ? null : parseRecord(text),
    hadStarted: false,
    hasOrder: true,
    isStopping: false,
    cluster: UNKNOWN,
    clusterForMs: LOOK_FOR_MS,
    quietForMs: LOOK_FOR_MS,
    ...rest,
  };
}

describe('the table of recovery for remote attempts, row by row', () => {
  it.each([UNKNOWN, ABSENT, WAITING, RUNNING, ended({ exitCode: 9 })])(
    'an end line is the true end, whatever the cluster says: %j',
    (cluster) => {
      expect(
        decideRemote(found({ text: `${RAN}exited 3 .\nend 3 .\n`, cluster, clusterForMs: 0, quietForMs: 0 })),
      ).toEqual({
        kind: 'ended',
        exitCode: 3,
        startFailure: null,
        outOfMemory: false,
        endedBy: null,
      });
    },
  );

  it('an end line without a driver says why none could begin', () => {
    expect(decideRemote(found({ text: `${CLAIM}refused directory .\nend 126 .\n` }))).toMatchObject({
      exitCode: 126,
      startFailure: 'the working directory could not be entered',
    });
  });

  it('tells want of memory where the supervisor or the cluster saw it', () => {
    expect(decideRemote(found({ text: `${RAN}oom .\nend 137 .\n` }))).toMatchObject({ outOfMemory: true });
    const cluster = ended({ cause: 'out_of_memory', exitCode: 137 });
    expect(decideRemote(found({ text: RAN, cluster }))).toMatchObject({ exitCode: 137, outOfMemory: true });
  });

  describe('an end line of a supervisor that was asked from outside to end', () => {
    const text = `${RAN}asked .\nend 143 .\n`;
    const limit = ended({ cause: 'time_limit', words: 'Cluster: its time limit' });

    it('waits a little for the cluster to say why', () => {
      expect(decideRemote(found({ text, cluster: RUNNING, quietForMs: 0 }))).toEqual({ kind: 'wait' });
      expect(decideRemote(found({ text, cluster: UNKNOWN, quietForMs: 0 }))).toEqual({ kind: 'wait' });
      expect(decideRemote(found({ text, cluster: RUNNING, quietForMs: ASK_WHY_FOR_MS }))).toMatchObject({
        kind: 'ended',
        exitCode: 143,
        endedBy: null,
      });
    });

    it('tells the reason that the cluster has', () => {
      expect(decideRemote(found({ text, cluster: limit, quietForMs: 0 }))).toMatchObject({
        exitCode: 143,
        endedBy: { cause: 'time_limit', message: 'Cluster: its time limit' },
      });
      expect(decideRemote(found({ text, cluster: ended({ cause: 'cancelled' }), quietForMs: 0 }))).toMatchObject({
        endedBy: { cause: 'cancelled' },
      });
    });

    it('asks nobody where the stop was ours', () => {
      expect(decideRemote(found({ text, cluster: RUNNING, quietForMs: 0, isStopping: true }))).toMatchObject({
        kind: 'ended',
        endedBy: null,
      });
      expect(decideRemote(found({ text, cluster: ended({ cause: 'cancelled' }), isStopping: true }))).toMatchObject({
        endedBy: null,
      });
    });
  });

  describe('claimed, and no end line', () => {
    it.each([UNKNOWN, RUNNING])('waits for ever while the cluster says %j', (cluster) => {
      expect(decideRemote(found({ text: RAN, cluster, clusterForMs: 1e12, quietForMs: 1e12 }))).toEqual({
        kind: 'wait',
      });
    });

    it.each([ended({ exitCode: 9 }), ended(), ABSENT, WAITING, STUCK])(
      'looks for a while before it believes %j, and longer while there are signs of life',
      (cluster) => {
        expect(decideRemote(found({ text: RAN, cluster, clusterForMs: LOOK_FOR_MS - 1 }))).toEqual({ kind: 'wait' });
        expect(decideRemote(found({ text: RAN, cluster, quietForMs: LOOK_FOR_MS - 1 }))).toEqual({ kind: 'wait' });
      },
    );

    it("takes the cluster's own code at last, and is lost only without one", () => {
      expect(decideRemote(found({ text: RAN, cluster: ended({ exitCode: 9 }) }))).toMatchObject({
        kind: 'ended',
        exitCode: 9,
      });
      expect(decideRemote(found({ text: RAN, cluster: ended({ words: 'Cluster: node failure' }) }))).toEqual({
        kind: 'lost',
        reason: 'nobody saw how the driver ended (Cluster: node failure)',
      });
      expect(decideRemote(found({ text: RAN, cluster: ABSENT }))).toMatchObject({ kind: 'lost' });
      expect(decideRemote(found({ text: RAN, cluster: WAITING }))).toMatchObject({ kind: 'lost' });
    });

    it("believes the cluster's books of what it has forgotten, and looks as long for an end line before", () => {
      const forgotten = { text: RAN, cluster: ABSENT };
      const accounted = ended({ exitCode: 9 });
      expect(decideRemote(found({ ...forgotten, accounted }))).toMatchObject({ kind: 'ended', exitCode: 9 });
      expect(decideRemote(found({ ...forgotten, accounted, clusterForMs: LOOK_FOR_MS - 1 }))).toEqual({ kind: 'wait' });
      expect(decideRemote(found({ ...forgotten, accounted, quietForMs: LOOK_FOR_MS - 1 }))).toEqual({ kind: 'wait' });
      const limit = ended({ exitCode: 143, cause: 'time_limit', words: 'Cluster: its time limit' });
      expect(decideRemote(found({ ...forgotten, accounted: limit }))).toMatchObject({
        endedBy: { cause: 'time_limit', message: 'Cluster: its time limit' },
      });
      expect(
        decideRemote(found({ ...forgotten, accounted: ended({ cause: 'failed', words: 'Cluster: node failure' }) })),
      ).toEqual({ kind: 'lost', reason: 'nobody saw how the driver ended (Cluster: node failure)' });
    });

    it.each([UNKNOWN, RUNNING, WAITING])('asks the books nothing while the cluster says %j', (cluster) => {
      const decision = decideRemote(found({ text: RAN, cluster, accounted: ended({ exitCode: 9 }) }));
      expect(decision).toEqual(decideRemote(found({ text: RAN, cluster })));
      expect(isForgotten(found({ text: RAN, cluster }))).toBe(false);
    });

    it.each([
      [CLAIM, false, true],
      [RAN, true, true],
      [undefined, true, true],
      [undefined, false, false],
      [`${RAN}end 0 .\n`, true, false],
      ['withdrawn .\n', false, false],
    ])('asks the books for %j (begun: %s): %s', (text, hadStarted, isAsked) => {
      const state = found({ ...(text === undefined ? {} : { text }), hadStarted, cluster: ABSENT });
      expect(isForgotten(state)).toBe(isAsked);
    });

    it("knows the driver's code where only the end of what it left behind was not seen", () => {
      const text = `${RAN}exited 5 .\n`;
      const early = { clusterForMs: 0, quietForMs: 0 };
      expect(decideRemote(found({ text, cluster: ended({ exitCode: 137 }), ...early }))).toMatchObject({ exitCode: 5 });
      const failed = ended({ cause: 'failed' });
      expect(decideRemote(found({ text, cluster: failed, ...early }))).toEqual({ kind: 'wait' });
      expect(decideRemote(found({ text, cluster: failed }))).toMatchObject({ kind: 'ended', exitCode: 5 });
      for (const cluster of [ABSENT, WAITING, STUCK]) {
        expect(decideRemote(found({ text, cluster, ...early }))).toEqual({ kind: 'wait' });
        expect(decideRemote(found({ text, cluster }))).toMatchObject({ kind: 'ended', exitCode: 5, endedBy: null });
      }
    });

    it('treats a record that was removed while the driver ran the same way', () => {
      expect(decideRemote(found({ hadStarted: true, cluster: ABSENT, clusterForMs: 0 }))).toEqual({ kind: 'wait' });
      expect(decideRemote(found({ hadStarted: true, cluster: ABSENT }))).toMatchObject({ kind: 'lost' });
      expect(decideRemote(found({ hadStarted: true, cluster: ended({ exitCode: 0 }) }))).toMatchObject({ exitCode: 0 });
    });
  });

  describe('claimed by nobody', () => {
    it.each([
      ['the cluster cannot say anything', UNKNOWN, 'wait'],
      ['the cluster has it in its queue', WAITING, 'wait'],
      ['the cluster runs it', RUNNING, 'wait'],
      ['the cluster does not know it', ABSENT, 'submit'],
      ['the cluster holds it back', STUCK, 'withdraw'],
      ['the cluster ended it without a start', ended({ cause: 'failed' }), 'withdraw'],
      ['somebody cancelled it there', ended({ cause: 'cancelled' }), 'refuse'],
      ['somebody cancelled it there while it waited', ended({ cause: 'cancelled', hadNode: false }), 'refuse'],
      [
        'it was cancelled on a node, perhaps because that could not begin it',
        ended({ cause: 'cancelled', hadNode: true }),
        'withdraw',
      ],
    ])('%s', (_, cluster, kind) => {
      expect(decideRemote(found({ cluster })).kind).toBe(kind);
    });

    it('gives a claim the time to be seen', () => {
      expect(decideRemote(found({ cluster: ended(), clusterForMs: 0 }))).toEqual({ kind: 'wait' });
    });

    it.each([UNKNOWN, ABSENT, WAITING, RUNNING, ended()])('is withdrawn where it is stopped: %j', (cluster) => {
      expect(decideRemote(found({ cluster, isStopping: true })).kind).toBe('withdraw');
    });

    it('is withdrawn where its files are gone', () => {
      expect(decideRemote(found({ cluster: UNKNOWN, hasOrder: false })).kind).toBe('withdraw');
    });
  });

  it('knows a claim that the server took', () => {
    expect(decideRemote(found({ text: 'withdrawn .\n', cluster: RUNNING }))).toMatchObject({ kind: 'withdrawn' });
  });
});

it('decides nothing without an end line while the cluster is out of reach', () => {
  const anything = fc.record({
    text: fc.constantFrom(CLAIM, RAN, `${RAN}exited 1 .\n`, `${RAN}asked .\n`, ''),
    hadStarted: fc.boolean(),
    hasOrder: fc.boolean(),
    isStopping: fc.boolean(),
    clusterForMs: fc.nat(),
    quietForMs: fc.nat(),
  });
  fc.assert(
    fc.property(anything, (details) => {
      expect(decideRemote(found({ ...details, cluster: UNKNOWN }))).toEqual({ kind: 'wait' });
    }),
  );
});

it('never submits what somebody has claimed', () => {
  const words = fc.constantFrom(UNKNOWN, ABSENT, WAITING, STUCK, RUNNING, ended(), ended({ cause: 'cancelled' }));
  const texts = fc.constantFrom('', CLAIM, RAN, 'withdrawn .\n', `${RAN}end 0 .\n`);
  const times = fc.nat({ max: 2 * LOOK_FOR_MS });
  fc.assert(
    fc.property(words, texts, fc.boolean(), times, times, (cluster, text, isStopping, clusterForMs, quietForMs) => {
      const decision = decideRemote(found({ text, cluster, isStopping, clusterForMs, quietForMs }));
      expect(['submit', 'withdraw', 'refuse']).not.toContain(decision.kind);
    }),
  );
});
