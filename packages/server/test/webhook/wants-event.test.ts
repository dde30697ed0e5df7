import { describe, expect, it } from 'vitest';
import { wantsEvent } from '../../src/webhook/wants-event.ts';
import { type EventFilter, NO_FILTER } from '../../src/webhook/webhook.ts';
import { sampleJob } from '../store/sample-jobs.ts';

const failed = sampleJob('job', {
  ...{ tenant: 'a', status: 'FAILED' },
  spec: { queue: 'train', metadata: { team: 'x', stage: 'prod' } },
});

const passes = (filter: Partial<EventFilter>, job = failed, type: 'ended' | 'started' = 'ended') =>
  wantsEvent({ ...NO_FILTER, ...filter }, { type }, job);

describe('a filter', () => {
  it('lets everything pass that it does not speak of', () => {
    expect(passes({})).toBe(true);
    expect(passes({}, sampleJob('other'), 'started')).toBe(true);
  });

  it('chooses by type, tenant and queue', () => {
    expect(passes({ types: ['started', 'ended'] })).toBe(true);
    expect(passes({ types: ['started'] })).toBe(false);
    expect(passes({ tenant: 'a' })).toBe(true);
    expect(passes({ tenant: 'b' })).toBe(false);
    expect(passes({ queue: 'train' })).toBe(true);
    expect(passes({ queue: 'default' })).toBe(false);
    expect(passes({ queue: 'default' }, sampleJob('other'))).toBe(true);
  });

  it('with statuses lets nothing pass but ends in one of them', () => {
    expect(passes({ endStatuses: ['FAILED', 'STOPPED'] })).toBe(true);
    expect(passes({ endStatuses: ['SUCCEEDED'] })).toBe(false);
    expect(passes({ endStatuses: ['FAILED'] }, failed, 'started')).toBe(false);
  });

  it('wants every pair of metadata, and takes no inherited property for one', () => {
    expect(passes({ metadata: { team: 'x', stage: 'prod' } })).toBe(true);
    expect(passes({ metadata: { team: 'x', stage: 'test' } })).toBe(false);
    expect(passes({ metadata: JSON.parse('{"__proto__": "x"}') })).toBe(false);
    expect(passes({ metadata: { toString: 'x' } })).toBe(false);
  });

  it('has to hold in all that it says', () => {
    expect(passes({ tenant: 'a', queue: 'train', types: ['ended'], metadata: { team: 'x' } })).toBe(true);
    expect(passes({ tenant: 'a', queue: 'train', types: ['ended'], metadata: { team: 'y' } })).toBe(false);
  });
});
