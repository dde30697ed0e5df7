import { describe, expect, it } from 'vitest';
import {
  type ClusterView,
  clusterWord,
  isClaimIdle,
  waitingWords,
  whyNever,
} from '../../../src/engine/kubernetes/cluster-word.ts';
import { readJob } from '../../../src/engine/kubernetes/job-state.ts';
import { readPod } from '../../../src/engine/kubernetes/pod-state.ts';
import { parseRecord } from '../../../src/engine/record/grammar.ts';

const labels = { 'drover.dev/attempt': 'att-1' };

function pod(uid: string, status: object, metadata: object = {}) {
  const read = readPod({
    metadata: { uid, name: `att-1-${uid}`, labels, ...metadata },
    spec: { nodeName: 'n1' },
    status,
  });
  if (read === null) throw new Error('this is no pod');
  return read;
}

const running = (name: string) => ({ name, state: { running: {} } });
const ended = (name: string, exitCode: number, reason: string, message = '') => ({
  name,
  state: { terminated: { exitCode, reason, message } },
});
const waiting = (name: string, reason: string, message = '') => ({ name, state: { waiting: { reason, message } } });
const job = (...conditions: object[]) => readJob({ metadata: { name: 'att-1', labels }, status: { conditions } });

const view = (details: Partial<ClusterView>): ClusterView => ({ isCurrent: true, job: null, pods: [], ...details });
const claimed = parseRecord('place a n1 .\n');

describe('of an attempt that a pod has claimed', () => {
  it('nothing is said while the cluster is out of reach', () => {
    expect(clusterWord(claimed, view({ isCurrent: false }))).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['runs', { phase: 'Running', containerStatuses: [running('driver')] }, { kind: 'running' }],
    [
      'ended by itself',
      { phase: 'Failed', containerStatuses: [ended('driver', 7, 'Error')] },
      { kind: 'ended', exitCode: 7, cause: 'itself' },
    ],
    [
      'ended well although memory ran out in it',
      { phase: 'Succeeded', containerStatuses: [ended('driver', 0, 'OOMKilled')] },
      { kind: 'ended', exitCode: 0, cause: 'out_of_memory' },
    ],
    [
      'was found dead by its kubelet',
      { phase: 'Failed', containerStatuses: [ended('driver', 255, 'Unknown')] },
      { kind: 'ended', exitCode: null, cause: 'failed' },
    ],
    [
      'was evicted',
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
      { kind: 'ended', exitCode: null, cause: 'failed', words: expect.stringContaining('Evicted: The node was low') },
    ],
  ])('the word is that of this pod, which %s', (_, status, word) => {
    const other = pod('b', { phase: 'Succeeded', containerStatuses: [ended('driver', 0, 'Completed')] });
    expect(clusterWord(claimed, view({ job: job(), pods: [other, pod('a', status)] }))).toMatchObject(word);
  });

  it('the pod is absent although another one is there', () => {
    const other = pod('b', { phase: 'Running', containerStatuses: [running('driver')] });
    expect(clusterWord(claimed, view({ job: job(), pods: [other] }))).toEqual({ kind: 'absent' });
  });

  it('the claim is idle where the supervisor says that it ran nothing, and only then', () => {
    const idle = pod('a', {
      phase: 'Succeeded',
      containerStatuses: [ended('driver', 0, 'Completed', 'no driver was started\n')],
    });
    const killed = pod('a', { phase: 'Failed', containerStatuses: [ended('driver', 137, 'Error')] });
    expect(isClaimIdle(claimed, view({ pods: [idle] }))).toBe(true);
    expect(isClaimIdle(claimed, view({ pods: [killed] }))).toBe(false);
    expect(isClaimIdle(parseRecord('place a n1 .\ndriver 9 100 .\n'), view({ pods: [idle] }))).toBe(false);
  });
});

describe('of an attempt that nobody has claimed', () => {
  it('it is absent where there is neither Job nor pod', () => {
    expect(clusterWord(null, view({}))).toEqual({ kind: 'absent' });
  });

  it('it waits while its Job goes on', () => {
    expect(clusterWord(null, view({ job: job() }))).toEqual({ kind: 'waiting', stuck: false });
    expect(waitingWords(view({ job: job() }))).toBe('its Job has no pod yet');
  });

  it('it has ended with its Job and the last pod', () => {
    const failed = job({ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'enough' });
    const words = 'Kubernetes: BackoffLimitExceeded: enough';
    expect(clusterWord(null, view({ job: failed }))).toMatchObject({ kind: 'ended', cause: 'failed', words });
    const left = pod('a', { phase: 'Running' });
    expect(clusterWord(null, view({ job: failed, pods: [left] }))).toMatchObject({ kind: 'waiting' });
  });

  it('the scheduler is quoted', () => {
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/2 nodes are available',
    };
    const pods = [pod('a', { phase: 'Pending', conditions: [condition] })];
    expect(waitingWords(view({ job: job(), pods }))).toBe('0/2 nodes are available');
    expect(whyNever(view({ pods }), Number.POSITIVE_INFINITY, 0)).toBeNull();
  });

  it.each([
    ['InvalidImageName', 5000, true],
    ['ErrImageNeverPull', 5000, true],
    ['ErrImageNeverPull', 500, false],
    ['ImagePullBackOff', 5000, false],
    ['ContainerCreating', 5000, false],
  ])('a container that waits as %s for %d ms is hopeless: %s', (reason, forMs, isHopeless) => {
    const pods = [pod('a', { phase: 'Pending', containerStatuses: [waiting('driver', reason, 'why')] })];
    expect(whyNever(view({ pods }), forMs, 1000) !== null).toBe(isHopeless);
  });

  it('a pod that ended before it asked for the claim will do so again', () => {
    const status = {
      phase: 'Failed',
      containerStatuses: [ended('driver', 128, 'StartError', 'no such file: /bin/sh')],
    };
    expect(whyNever(view({ pods: [pod('a', status)] }), 0, 1000)).toContain('StartError: no such file: /bin/sh');
    const courier = { phase: 'Running', containerStatuses: [ended('courier', 1, 'Error'), running('driver')] };
    expect(whyNever(view({ pods: [pod('a', courier)] }), 0, 1000)).toContain(
      "the container 'courier' ended with code 1",
    );
  });

  it('a pod that Kubernetes ended itself is followed by another', () => {
    const status = { phase: 'Failed', containerStatuses: [ended('driver', 143, 'Error')] };
    const deleted = pod('a', status, { deletionTimestamp: '2026-11-25T21:00:00Z' });
    expect(whyNever(view({ pods: [deleted] }), 0, 1000)).toBeNull();
    const evicted = pod('a', { ...status, reason: 'Evicted' });
    expect(whyNever(view({ pods: [evicted] }), 0, 1000)).toBeNull();
  });
});
