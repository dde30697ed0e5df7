import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Found } from '../../../src/engine/local/decide.ts';
import { type AttemptRecord, parseRecord } from '../../../src/engine/record/grammar.ts';

const SUPERVISOR = 'supervisor 10 200 boot-a 1 .\n';
const DRIVER = 'driver 11 201 .\n';

/** A handed over attempt of this boot, of which nothing lives. */
function found(details: Partial<Found> & { text?: string } = {}): Found {
  const { text, ...rest } = details;
  return {
    sameBoot: true,
    hadStarted: false,
    record: text === undefined ? null : parseRecord(text),
    hasOrder: true,
    supervisorAlive: false,
    driverAlive: false,
    claimantAlive: false,
    ...rest,
  };
}

describe('the table of recovery, row by row', () => {
  it('a complete end line: the true end, whatever else is the case', () => {
    const text = `${SUPERVISOR}${DRIVER}end 3 .\n`;
    const expected = { kind: 'ended', exitCode: 3, startFailure: null };
    expect(decide(found({ text }))).toEqual(expected);
    expect(decide(found({ text, sameBoot: false }))).toEqual(expected);
    expect(decide(found({ text, supervisorAlive: true, driverAlive: true }))).toEqual(expected);
  });

  it('an end line without a driver: why none could begin', () => {
    const refused = decide(found({ text: `${SUPERVISOR}refused directory .\nend 126 .\n` }));
    expect(refused).toEqual({
      kind: 'ended',
      exitCode: 126,
      startFailure: 'the working directory could not be entered',
    });
    expect(decide(found({ text: `${SUPERVISOR}end 127 .\n` }))).toMatchObject({ startFailure: expect.any(String) });
  });

  it('an end line without a driver, by a signal: not the end of a driver either', () => {
    expect(decide(found({ text: `${SUPERVISOR}end 143 .\n` }))).toMatchObject({
      kind: 'ended',
      startFailure: 'signal 15 ended the process that was to become the driver',
    });
  });

  it('an end line alone, where the driver is known to have begun: its true end', () => {
    expect(decide(found({ text: 'end 143 .\n', hadStarted: true }))).toMatchObject({
      exitCode: 143,
      startFailure: null,
    });
  });

  it.each([
    ['nothing', undefined],
    ['an empty claim', ''],
    ['a claim', SUPERVISOR],
    ['a driver', SUPERVISOR + DRIVER],
    ['an end line cut short', `${SUPERVISOR}${DRIVER}end 3`],
  ])('another boot, with %s: lost, even where pids of now seem to fit', (_, text) => {
    const details = text === undefined ? {} : { text };
    expect(decide(found({ ...details, sameBoot: false, hasOrder: false }))).toMatchObject({ kind: 'lost', gone: true });
    expect(decide(found({ ...details, sameBoot: false, supervisorAlive: true, driverAlive: true }))).toMatchObject({
      kind: 'lost',
      gone: true,
    });
  });

  it('claimed, supervisor alive: adopted', () => {
    expect(decide(found({ text: SUPERVISOR, supervisorAlive: true }))).toEqual({ kind: 'wait' });
    expect(decide(found({ text: SUPERVISOR + DRIVER, supervisorAlive: true }))).toEqual({ kind: 'wait' });
  });

  it('claimed, supervisor gone, driver alive: followed to its end, and then lost', () => {
    expect(decide(found({ text: SUPERVISOR + DRIVER, driverAlive: true }))).toEqual({ kind: 'wait' });
    expect(decide(found({ text: SUPERVISOR + DRIVER }))).toMatchObject({ kind: 'lost', gone: false });
  });

  it('claimed, supervisor gone before the driver wrote its line: who is about to become it is waited for', () => {
    expect(decide(found({ text: SUPERVISOR, claimantAlive: true }))).toEqual({ kind: 'wait' });
    expect(decide(found({ text: SUPERVISOR }))).toMatchObject({ kind: 'lost', gone: false });
  });

  it('claimed, record empty: waited for a live process, else no driver was started', () => {
    expect(decide(found({ text: '', claimantAlive: true }))).toEqual({ kind: 'wait' });
    expect(decide(found({ text: '' }))).toMatchObject({ kind: 'give-up-claim' });
    expect(decide(found({ text: 'supervisor 10 2' }))).toMatchObject({ kind: 'give-up-claim' });
  });

  it('not claimed, same boot: handed over again', () => {
    expect(decide(found())).toEqual({ kind: 'launch' });
  });

  it('not claimed, without files: withdrawn, unless someone is about to claim', () => {
    expect(decide(found({ hasOrder: false }))).toMatchObject({ kind: 'withdraw' });
    expect(decide(found({ hasOrder: false, claimantAlive: true }))).toEqual({ kind: 'wait' });
  });

  it('withdrawn once: withdrawn', () => {
    expect(decide(found({ text: 'withdrawn .\n' }))).toMatchObject({ kind: 'withdrawn' });
    expect(decide(found({ text: 'withdrawn .\n', sameBoot: false }))).toMatchObject({ kind: 'withdrawn' });
  });

  it('known to have started, record damaged: never withdrawn, but lost when nothing lives', () => {
    for (const text of ['', 'supervisor 10 2', 'withdrawn .\n', `${SUPERVISOR}withdrawn .\n`, 'nonsense\n']) {
      expect(decide(found({ text, hadStarted: true, supervisorAlive: true, claimantAlive: true }))).toEqual({
        kind: 'wait',
      });
      expect(decide(found({ text, hadStarted: true }))).toMatchObject({ kind: 'lost', gone: false });
      expect(decide(found({ text, hadStarted: true, sameBoot: false }))).toMatchObject({ kind: 'lost', gone: true });
    }
    expect(decide(found({ text: `${SUPERVISOR}${DRIVER}withdrawn .\n` }))).toMatchObject({ kind: 'lost' });
  });

  it('known to have started, record removed: never started again', () => {
    expect(decide(found({ hadStarted: true }))).toMatchObject({ kind: 'lost' });
    expect(decide(found({ hadStarted: true, claimantAlive: true }))).toEqual({ kind: 'wait' });
  });
});

const identity = fc.record({ pid: fc.nat(), startTicks: fc.nat() });
const anyRecord: fc.Arbitrary<AttemptRecord> = fc.record({
  supervisor: fc.option(
    fc.record({ pid: fc.nat(), startTicks: fc.nat(), bootId: fc.string(), pidNamespace: fc.string() }),
  ),
  driver: fc.option(identity),
  refusal: fc.option(fc.constantFrom('order' as const, 'cgroup' as const, 'directory' as const, 'log' as const)),
  exitCode: fc.option(fc.integer({ min: 0, max: 255 })),
  outOfMemory: fc.boolean(),
  withdrawn: fc.boolean(),
  place: fc.constant(null),
  asked: fc.boolean(),
  exited: fc.constant(null),
});
const anyFound: fc.Arbitrary<Found> = fc.record({
  sameBoot: fc.boolean(),
  hadStarted: fc.boolean(),
  record: fc.option(anyRecord),
  hasOrder: fc.boolean(),
  supervisorAlive: fc.boolean(),
  driverAlive: fc.boolean(),
  claimantAlive: fc.boolean(),
});

describe('whatever is found', () => {
  it('an attempt that was claimed, or had started, or belongs to another boot is never launched', () => {
    fc.assert(
      fc.property(anyFound, (one) => {
        if (decide(one).kind !== 'launch') return;
        expect(one).toMatchObject({ record: null, hadStarted: false, sameBoot: true });
      }),
    );
  });

  it('no driver that is known to have begun is said to have been withdrawn', () => {
    fc.assert(
      fc.property(anyFound, (one) => {
        const { kind } = decide({ ...one, hadStarted: true });
        expect(['wait', 'ended', 'lost']).toContain(kind);
      }),
    );
  });

  it('nothing is given up while its supervisor lives', () => {
    fc.assert(
      fc.property(anyFound, (one) => {
        const claimed = one.sameBoot && one.supervisorAlive && one.record?.supervisor;
        if (!claimed || one.record?.exitCode !== null || one.record.withdrawn) return;
        expect(decide(one)).toEqual({ kind: 'wait' });
      }),
    );
  });

  it('an exit code is told exactly where one is recorded', () => {
    fc.assert(
      fc.property(anyFound, (one) => {
        const decision = decide(one);
        expect(decision.kind === 'ended').toBe(one.record !== null && one.record.exitCode !== null);
        if (decision.kind === 'ended') expect(decision.exitCode).toBe(one.record?.exitCode);
      }),
    );
  });

  it('waits only for something that lives', () => {
    fc.assert(
      fc.property(anyFound, (one) => {
        if (decide(one).kind === 'wait') {
          expect(one.supervisorAlive || one.driverAlive || one.claimantAlive).toBe(true);
        }
      }),
    );
  });
});
