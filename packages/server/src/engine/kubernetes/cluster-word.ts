import type { AttemptRecord } from '../record/grammar.ts';
import type { ClusterEnd, ClusterWord } from '../remote/decide.ts';
import type { JobState } from './job-state.ts';
import { COURIER_CONTAINER, DRIVER_CONTAINER } from './labels.ts';
import { describeEnd, isOver, type PodState, whyNotBegun } from './pod-state.ts';

/** What the cluster shows of one attempt. */
export interface ClusterView {
  /** Whether what follows is up to date. */
  isCurrent: boolean;
  job: JobState | null;
  /** Several, where the cluster has made another one after it lost sight of the first. */
  pods: readonly PodState[];
}

/** What `pod-supervisor.sh` leaves where it was not let run the driver. */
const NO_DRIVER = 'no driver was started';
/** Codes with which a runtime stands in for one that it does not know. */
const UNKNOWN_REASONS = new Set(['Unknown', 'ContainerStatusUnknown']);

/** The pod that has claimed the attempt; null where none has, or where the cluster does not show it. */
export function claimant(record: AttemptRecord | null, pods: readonly PodState[]): PodState | null {
  const uid = record?.place?.jobId;
  return pods.find((pod) => pod.uid === uid) ?? null;
}

/** The cluster's word for the decision over an attempt: of the pod that claimed it, else of its Job as a whole. */
export function clusterWord(record: AttemptRecord | null, { isCurrent, job, pods }: ClusterView): ClusterWord {
  if (!isCurrent) return { kind: 'unknown' };
  if (record?.place != null) {
    const pod = claimant(record, pods);
    if (pod === null) return { kind: 'absent' };
    return endOfPod(pod) ?? { kind: 'running' };
  }
  if (job === null && pods.length === 0) return { kind: 'absent' };
  if (job?.end != null && pods.every(isOver)) {
    return { kind: 'ended', exitCode: null, cause: 'failed', words: `Kubernetes: ${job.end}` };
  }
  return { kind: 'waiting', stuck: false };
}

/** Null while something of the driver may run. */
function endOfPod(pod: PodState): ClusterEnd | null {
  const { driver } = pod;
  if (driver.kind === 'terminated') {
    const words = `Kubernetes: ${describeEnd(DRIVER_CONTAINER, driver)}`;
    if (UNKNOWN_REASONS.has(driver.reason)) return { kind: 'ended', exitCode: null, cause: 'failed', words };
    const cause = driver.reason === 'OOMKilled' ? 'out_of_memory' : 'itself';
    return { kind: 'ended', exitCode: driver.exitCode, cause, words };
  }
  if (!isOver(pod)) return null;
  const words = `Kubernetes: the pod ${pod.name} ended as ${pod.phase}${pod.reason === '' ? '' : ` (${pod.reason})`}`;
  return { kind: 'ended', exitCode: null, cause: 'failed', words };
}

/** Whether the claim is held by a pod that was never let run the driver, and has ended. */
export function isClaimIdle(record: AttemptRecord | null, { pods }: ClusterView): boolean {
  if (record?.driver != null) return false;
  const driver = claimant(record, pods)?.driver;
  return driver?.kind === 'terminated' && driver.message.trim() === NO_DRIVER;
}

/**
 * Why an attempt that nobody has claimed never will begin, however often it is tried, as a sentence; null where that cannot be said.
 *
 * @param forMs for how long that has been so
 */
export function whyNever({ pods }: ClusterView, forMs: number, patienceMs: number): string | null {
  for (const pod of pods) {
    if (pod.isDeleted || pod.reason !== '') continue; // Kubernetes has ended it, and makes another.
    const { driver, courier } = pod;
    if (driver.kind === 'terminated' && driver.message.trim() !== NO_DRIVER && !UNKNOWN_REASONS.has(driver.reason)) {
      return `Kubernetes: ${describeEnd(DRIVER_CONTAINER, driver)} before the driver could begin`;
    }
    if (courier.kind === 'terminated' && driver.kind === 'running') {
      return `Kubernetes: ${describeEnd(COURIER_CONTAINER, courier)} before the driver could begin`;
    }
    const why = whyNotBegun(pod);
    if (why?.isHopeless && forMs >= patienceMs) return `Kubernetes: ${why.words}`;
  }
  return null;
}

/** Why an attempt has not begun, in the cluster's words; null where it says nothing. */
export function waitingWords({ job, pods }: ClusterView): string | null {
  for (const pod of pods) {
    if (isOver(pod) || pod.isDeleted) continue;
    return whyNotBegun(pod)?.words ?? null;
  }
  return job === null ? null : 'its Job has no pod yet';
}
