import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addChoice, type ChoiceOptions, chosenFilter, isNarrowed } from '../../../src/cli/arguments/chosen-jobs.ts';

function chosen(...args: string[]): ReturnType<typeof chosenFilter> {
  const command = addChoice(new Command(), 'all')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  let filter: ReturnType<typeof chosenFilter> = null;
  command.action((ids: string[], options: ChoiceOptions) => {
    filter = chosenFilter(ids, options);
  });
  command.parse(args, { from: 'user' });
  return filter;
}

describe('jobs', () => {
  it('are named by ids', () => {
    expect(chosen('a', 'b', '--yes')).toBeNull();
  });

  it.each([
    [['--status', 'failed,STOPPED', '--status', 'running'], { status: ['FAILED', 'STOPPED', 'RUNNING'] }],
    [['--filter', 'status=pending', '--status', 'RUNNING'], { status: ['RUNNING', 'PENDING'] }],
    [['--filter', 'metadata.a=1=2', '--filter', 'metadata.b='], { metadata: { a: '1=2', b: '' } }],
    [['--filter', 'metadata.a=1', '--metadata', 'b=2'], { metadata: { a: '1', b: '2' } }],
    [['--filter', 'tenant=x', '--search', 'y'], { tenant: 'x', text: 'y' }],
    [['--filter', 'q=y', '--tenant', 'x'], { tenant: 'x', text: 'y' }],
    [
      ['--filter', 'submitted_after=2026-01-01T00:00:00Z', '--until', '2026-02-01'],
      { submittedAfter: new Date('2026-01-01T00:00:00Z'), submittedBefore: new Date('2026-02-01T00:00:00Z') },
    ],
    [['--filter', 'submitted_before=2026-01-01T00:00:00Z'], { submittedBefore: new Date('2026-01-01T00:00:00Z') }],
    [['--all'], { all: true }],
    [['--all', '--tenant', 'x'], { all: true, tenant: 'x' }],
  ])('are chosen by %j', (args, filter) => {
    const given = chosen(...args);
    expect(given).toEqual(filter);
    expect(isNarrowed(given ?? {})).toBe(args.length > 1);
  });

  it.each([
    [[], 'no jobs are named'],
    [['--yes', '--dry-run'], 'no jobs are named'],
    [['a', '--all'], 'not both'],
    [['a', '--filter', 'status=FAILED'], 'not both'],
    [['a', '--dry-run'], '--dry-run is for filters'],
    [['--filter', 'team=a'], 'with one of the names status, tenant'],
    [['--filter', 'status'], 'with one of the names status, tenant'],
    [['--filter', 'metadata.=a'], 'with one of the names status, tenant'],
    [['--filter', 'status=DONE'], 'Allowed choices are PENDING'],
    [['--filter', 'submitted_after=once'], 'how long ago'],
    [['--filter', 'tenant=a', '--filter', 'tenant=b'], 'tenant is given twice'],
    [['--filter', 'metadata.k=a', '--filter', 'metadata.k=b'], 'metadata.k is given twice'],
    [['--filter', 'metadata.k=a', '--metadata', 'k=a'], 'name the same key'],
    [['--filter', 'q=a', '--search', 'b'], '--search and --filter say the same twice'],
  ])('cannot be meant by %j', (args, message) => {
    expect(() => chosen(...args)).toThrow(message);
  });
});
