import { describe, expect, it } from 'vitest';
import { type AttemptMarks, membersOf } from '../../../src/engine/local/processes/members.ts';
import { parseStat } from '../../../src/engine/local/processes/process-entry.ts';
import { type ProcessTableEntry, tokenOf } from '../../../src/engine/local/processes/process-table.ts';

function process(pid: number, details: Partial<ProcessTableEntry> = {}): ProcessTableEntry {
  return { pid, parentPid: 1, groupId: pid, sessionId: pid, startTicks: pid * 10, token: null, ...details };
}

const MARKS: AttemptMarks = {
  attemptId: 'att-1',
  supervisor: { pid: 100, startTicks: 1000 },
  driver: { pid: 101, startTicks: 1010 },
  driverEndTicks: null,
};

const supervisor = process(100);
const driver = process(101, { parentPid: 100, token: 'att-1' });

function pids(table: ProcessTableEntry[], marks: Partial<AttemptMarks> = {}, known: string[] = []): number[] {
  return membersOf(table, { ...MARKS, ...marks }, new Set(known))
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);
}

describe('membersOf', () => {
  it('finds the driver and never the supervisor', () => {
    expect(pids([process(1), supervisor, driver, process(200, { token: 'att-2' })])).toEqual([101]);
  });

  it('finds what is about to become the driver', () => {
    expect(pids([supervisor, process(101, { parentPid: 100 })], { driver: null })).toEqual([101]);
  });

  it('finds an escapee by its token', () => {
    expect(pids([supervisor, driver, process(150, { token: 'att-1' })])).toEqual([101, 150]);
  });

  it('finds one without a token in the session or the group of the driver', () => {
    expect(pids([driver, process(150, { sessionId: 101 }), process(151, { groupId: 101 })])).toEqual([101, 150, 151]);
  });

  it('finds descendants of all these, in whatever order they stand', () => {
    const table = [
      process(170, { parentPid: 160 }),
      process(160, { parentPid: 150 }),
      process(150, { token: 'att-1' }),
    ];
    expect(pids(table)).toEqual([150, 160, 170]);
  });

  it('knows again whom it found before, and not another with the same pid', () => {
    expect(pids([process(150)], {}, ['150:1500'])).toEqual([150]);
    expect(pids([process(150, { startTicks: 9000 })], {}, ['150:1500'])).toEqual([]);
  });

  it('takes the session for the driver’s after its end where someone in it is older than that end', () => {
    const table = [
      process(150, { sessionId: 101, startTicks: 1500 }),
      process(151, { sessionId: 101, startTicks: 2500 }),
    ];
    expect(pids(table, { driverEndTicks: 2000 })).toEqual([150, 151]);
  });

  it('leaves a session alone that another process with the driver’s pid has made since', () => {
    const stranger = [process(101, { startTicks: 3000 }), process(301, { sessionId: 101, startTicks: 3001 })];
    expect(pids(stranger, { driverEndTicks: 2000 })).toEqual([]);
    expect(pids(stranger, { driverEndTicks: null })).toEqual([]);
  });

  it('leaves another process with the supervisor’s pid alone, and its children', () => {
    expect(pids([process(100, { startTicks: 9000 }), process(300, { parentPid: 100 })], { driver: null })).toEqual([]);
  });
});

describe('parseStat', () => {
  const line = (name: string, state: string) =>
    `42 (${name}) ${state} 7 8 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 12345 1000 10 18446744073709551615`;

  it('reads the fields behind a name that holds anything', () => {
    const expected = { pid: 42, parentPid: 7, groupId: 8, sessionId: 9, startTicks: 12345 };
    expect(parseStat(line('sh', 'S'))).toEqual(expected);
    expect(parseStat(line('a) R 1 (b', 'R'))).toEqual(expected);
  });

  it('takes a zombie for gone', () => {
    expect(parseStat(line('sh', 'Z'))).toBeNull();
  });
});

describe('tokenOf', () => {
  it('finds the token wherever it stands', () => {
    expect(tokenOf('DROVER_ATTEMPT=att-1\0A=1\0')).toBe('att-1');
    expect(tokenOf('A=1\0DROVER_ATTEMPT=att-1')).toBe('att-1');
  });

  it('does not find it in names and values of others', () => {
    expect(tokenOf('MY_DROVER_ATTEMPT=att-1\0A=DROVER_ATTEMPT=att-2\0')).toBeNull();
  });
});
