import { describe, expect, it, test } from 'vitest';
import { nextOccurrences, type Recurrence, readRecurrence } from '../../src/schedule/recurrence.ts';

const BERLIN = 'Europe/Berlin';

function recurrenceOf(cron: string, timeZone = 'UTC', bounds: { startMs?: number; endMs?: number } = {}): Recurrence {
  const read = readRecurrence({ cron, timeZone, startMs: bounds.startMs ?? null, endMs: bounds.endMs ?? null });
  if ('fault' in read) throw new Error(`${read.fault.field} ${read.fault.detail}`);
  return read.recurrence;
}

/** The hours and minutes, in UTC, of what occurs between two moments. */
function between(cron: string, timeZone: string, from: string, until: string): string[] {
  const recurrence = recurrenceOf(cron, timeZone);
  return nextOccurrences(recurrence, Date.parse(from) - 1, 1_000)
    .filter((atMs) => atMs < Date.parse(until))
    .map((atMs) => new Date(atMs).toISOString().slice(11, 16));
}

describe('an expression', () => {
  it.each([
    ['0 3 * * *', '2026-11-25T03:00:00Z'],
    ['*/15 * * * *', '2026-11-24T12:15:00Z'],
    ['30 0 3 * * *', '2026-11-25T03:00:30Z'],
    ['* * * * * *', '2026-11-24T12:00:01Z'],
    ['0 9 * * MON-FRI', '2026-11-25T09:00:00Z'],
    ['0 0 1 * *', '2026-12-01T00:00:00Z'],
    ['0 0 L * *', '2026-11-30T00:00:00Z'],
    ['0 0 * * FRI#1', '2026-12-04T00:00:00Z'],
    // A day of the month or of the week, where both are named.
    ['0 0 13 * FRI', '2026-11-27T00:00:00Z'],
    ['@daily', '2026-11-25T00:00:00Z'],
    [' @Hourly ', '2026-11-24T13:00:00Z'],
  ])('%s comes round', (cron, next) => {
    expect(recurrenceOf(cron).next(Date.parse('2026-11-24T12:00:00Z'))).toBe(Date.parse(next));
  });

  it.each([
    ['', 'expected five fields'],
    ['0 3 * *', 'expected five fields'],
    ['0 0 3 * * * 2027', 'expected five fields'],
    ['@reboot', 'expected five fields'],
    ['2027-01-01T00:00:00', 'expected five fields'],
    ['60 * * * *', 'Invalid value for minute: 60'],
    ['x * * * *', 'illegal characters'],
    ['0 0 30 2 *', 'never occurs'],
    ['0 0 32 * *', 'Invalid value for day: 32'],
    ['0 0 0 * *', 'Invalid value for day: 0'],
    ['0 0 1 13 *', 'Invalid value for month: 13'],
    ['0 24 * * *', 'Invalid value for hour: 24'],
    ['H * * * *', "'H' contains illegal characters"],
    ['0 H * * * *', "'H' contains illegal characters"],
  ])('%j is refused', (cron, detail) => {
    const read = readRecurrence({ cron, timeZone: 'UTC', startMs: null, endMs: null });
    expect(read).toEqual({ fault: { field: 'cron', detail: expect.stringContaining(detail) } });
  });
});

test.each(['', 'Mars/Olympus', '+02:00', 'Europe/Berlin '])('the time zone %j is refused', (timeZone) => {
  const read = readRecurrence({ cron: '0 3 * * *', timeZone, startMs: null, endMs: null });
  expect(read).toMatchObject({ fault: { field: 'time_zone' } });
});

describe('where clocks are put forward, from 02:00 to 03:00', () => {
  const of = (cron: string) => between(cron, BERLIN, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z');

  it('one time a day that is left out comes at the end of the gap', () => {
    expect(of('30 2 * * *')).toEqual(['01:00']);
    expect(of('0 30 2 * * *')).toEqual(['01:00']);
  });

  it('a time outside of the gap stays where it is', () => {
    expect(of('30 1 * * *')).toEqual(['00:30']);
    expect(of('30 3 * * *')).toEqual(['01:30']);
  });

  it('of several times a day those in the gap do not occur', () => {
    expect(of('30 1-3 * * *')).toEqual(['00:30', '01:30']);
    expect(of('*/20 2 * * *')).toEqual([]);
    expect(of('0 * * * *')).toHaveLength(23);
  });
});

describe('where clocks are put back, from 03:00 to 02:00', () => {
  const of = (cron: string) => between(cron, BERLIN, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z');

  it('one time a day that comes twice occurs at the first', () => {
    expect(of('30 2 * * *')).toEqual(['00:30']);
    expect(of('0 2 * * *')).toEqual(['00:00']);
  });

  it('several times a day occur whenever the clock shows them', () => {
    expect(of('30 1-3 * * *')).toEqual(['23:30', '00:30', '01:30', '02:30']);
    expect(of('0 * * * *')).toHaveLength(25);
  });
});

test.each([
  [BERLIN, '2026-03-29T01:00:00Z'],
  [BERLIN, '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/Santiago', '2026-09-06T04:00:00Z'],
])('in %s, around %s, it is the same whoever looks from where, forward and back', (timeZone, change) => {
  const [fromMs, untilMs] = [Date.parse(change) - 30 * 3_600_000, Date.parse(change) + 30 * 3_600_000];
  for (const cron of ['30 2 * * *', '0 0 * * *', '30 1-3 * * *', '*/30 * * * *', '15 2,3 * * *', '0 */2 * * *']) {
    const recurrence = recurrenceOf(cron, timeZone);
    const all = nextOccurrences(recurrence, fromMs, 1_000).filter((atMs) => atMs <= untilMs);
    for (let atMs = fromMs; atMs < (all.at(-1) ?? 0); atMs += 1_234_567) {
      expect(recurrence.next(atMs), cron).toBe(all.find((occurrence) => occurrence > atMs));
    }
    expect(recurrence.last(untilMs, all.length), cron).toEqual(all);
  }
});

test('what was found is not found again, and never a wrong one', () => {
  const recurrence = recurrenceOf('*/10 * * * *');
  const at = (time: string) => Date.parse(`2026-11-24T${time}Z`);
  const asked = ['10:00:00', '10:05:00', '10:09:59', '10:10:00', '09:59:59', '10:00:00', '08:00:00', '10:30:00'];
  expect(asked.map((time) => new Date(recurrence.next(at(time)) ?? 0).toISOString().slice(11, 16))).toEqual([
    '10:10',
    '10:10',
    '10:10',
    '10:20',
    '10:00',
    '10:10',
    '08:10',
    '10:40',
  ]);
});

describe('bounds', () => {
  const [startMs, endMs] = [Date.parse('2026-11-24T03:00:00Z'), Date.parse('2026-11-26T03:00:00Z')];

  it('let nothing occur before the first, and at or after the second', () => {
    const recurrence = recurrenceOf('0 3 * * *', 'UTC', { startMs, endMs });
    const within = [startMs, startMs + 86_400_000];
    expect(nextOccurrences(recurrence, 0, 10)).toEqual(within);
    expect(recurrence.last(endMs + 86_400_000, 10)).toEqual(within);
    expect(recurrence.last(startMs, 1)).toEqual([startMs]);
    expect(recurrence.next(endMs)).toBeNull();
  });

  it('are refused where nothing lies between them', () => {
    const read = readRecurrence({ cron: '0 3 * * *', timeZone: 'UTC', startMs: endMs, endMs });
    expect(read).toEqual({ fault: { field: 'end_at', detail: 'must be later than start_at' } });
  });
});
