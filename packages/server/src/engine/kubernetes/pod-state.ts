import { z } from 'zod';
import { ATTEMPT_LABEL, COURIER_CONTAINER, DRIVER_CONTAINER } from './labels.ts';

/** What matters of a pod. */
export interface PodState {
  uid: string;
  name: string;
  attemptId: string;
  /** Null while it has none. */
  node: string | null;
  /** Whether Kubernetes is ending it. */
  isDeleted: boolean;
  phase: string;
  driver: ContainerState;
  courier: ContainerState;
  /** Whether its courier is a container of its own, and not that of the node. */
  hasCourier: boolean;
  /** Why no node was found for it, in the scheduler's words; null where one was. */
  unschedulable: string | null;
  /** Why the kubelet or a controller ended it, such as `Evicted`; empty where they did not. */
  reason: string;
}

export type ContainerState =
  | { kind: 'waiting'; reason: string; message: string }
  | { kind: 'running' }
  | { kind: 'terminated'; exitCode: number; reason: string; message: string };

const text = z.string().default('');
const stateSchema = z.looseObject({
  waiting: z.looseObject({ reason: text, message: text }).optional(),
  running: z.looseObject({}).optional(),
  terminated: z.looseObject({ exitCode: z.number(), reason: text, message: text }).optional(),
});

const podSchema = z.looseObject({
  metadata: z.looseObject({
    uid: z.string(),
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z
    .looseObject({
      nodeName: z.string().optional(),
      containers: z.array(z.looseObject({ name: text })).default([]),
    })
    .prefault({}),
  status: z
    .looseObject({
      phase: text,
      reason: text,
      message: text,
      conditions: z.array(z.looseObject({ type: text, status: text, reason: text, message: text })).default([]),
      containerStatuses: z.array(z.looseObject({ name: z.string(), state: stateSchema.default({}) })).default([]),
    })
    .prefault({}),
});

/** Reads a pod of the API; null where it is none of ours. */
export function readPod(object: unknown): PodState | null {
  const parsed = podSchema.safeParse(object);
  if (!parsed.success) return null;
  const { metadata, spec, status } = parsed.data;
  const attemptId = metadata.labels[ATTEMPT_LABEL];
  if (attemptId === undefined) return null;
  const stateOf = (container: string): ContainerState => {
    const state = status.containerStatuses.find(({ name }) => name === container)?.state;
    if (state?.terminated !== undefined) return { kind: 'terminated', ...pick(state.terminated) };
    if (state?.running !== undefined) return { kind: 'running' };
    return { kind: 'waiting', reason: state?.waiting?.reason ?? '', message: state?.waiting?.message ?? '' };
  };
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled');
  return {
    uid: metadata.uid,
    name: metadata.name,
    attemptId,
    node: spec.nodeName ?? null,
    isDeleted: metadata.deletionTimestamp !== undefined,
    phase: status.phase,
    driver: stateOf(DRIVER_CONTAINER),
    courier: stateOf(COURIER_CONTAINER),
    hasCourier: spec.containers.some(({ name }) => name === COURIER_CONTAINER),
    unschedulable: scheduled?.status === 'False' ? scheduled.message || scheduled.reason : null,
    reason: [status.reason, status.message].filter((part) => part !== '').join(': '),
  };
}

function pick({ exitCode, reason, message }: { exitCode: number; reason: string; message: string }) {
  return { exitCode, reason, message };
}

/** Whether nothing of it runs any more. */
export function isOver(pod: PodState): boolean {
  return pod.phase === 'Succeeded' || pod.phase === 'Failed';
}

/** Waiting reasons of a container that never go away by themselves. */
const HOPELESS = new Set([
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
]);
/** What every container goes through. */
const USUAL = new Set(['', 'ContainerCreating', 'PodInitializing']);

/** Why a pod has not begun, as a part of a sentence; null where nothing is unusual. */
export function whyNotBegun(pod: PodState): { words: string; isHopeless: boolean } | null {
  if (pod.unschedulable !== null) return { words: pod.unschedulable, isHopeless: false };
  for (const [name, container] of [
    [DRIVER_CONTAINER, pod.driver],
    [COURIER_CONTAINER, pod.courier],
  ] as const) {
    if (container.kind === 'waiting' && !USUAL.has(container.reason)) {
      const { reason, message } = container;
      const words = `the container '${name}' waits: ${reason}${message === '' ? '' : ` (${message})`}`;
      return { words, isHopeless: HOPELESS.has(reason) };
    }
  }
  if (pod.driver.kind === 'running' && !pod.hasCourier) {
    return { words: `the pod waits for the courier of the node ${pod.node ?? ''}`, isHopeless: false };
  }
  return null;
}

/** How a container ended, as a part of a sentence. */
export function describeEnd(
  name: string,
  { exitCode, reason, message }: ContainerState & { kind: 'terminated' },
): string {
  const details = [reason, message].filter((part) => part !== '').join(': ');
  return `the container '${name}' ended with code ${exitCode}${details === '' ? '' : ` (${details})`}`;
}
