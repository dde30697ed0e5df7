import { setTimeout as delay } from 'node:timers/promises';
import { answerText } from './client/answer-text.ts';
import type { ClusterClient } from './client/cluster-client.ts';
import type { ClusterView } from './cluster-word.ts';

/** Removes Jobs, with their pods. */
export interface JobRemover {
  /** Removes the Job of an attempt that is over. Its pods go with it; those whose Job is gone already go by themselves. */
  remove(namespace: string, attemptId: string, view: ClusterView): void;
  /** Ends what runs of an attempt, so that nothing takes its place. */
  endPods(namespace: string, attemptId: string, view: ClusterView, graceMs: number): void;
  /** Resolves when what is being asked for was answered, or soon. */
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 2000;

export function createJobRemover(client: ClusterClient, warn: (message: string, cause: unknown) => void): JobRemover {
  const busy = new Map<string, Promise<void>>();
  let isClosing = false;

  async function deleteNow(path: string, options: object): Promise<void> {
    const answer = await client.request('DELETE', path, options);
    if (answer.status >= 300 && answer.status !== 404) throw new Error(answerText(answer));
  }

  function deleteOnce(path: string, options: object): void {
    if (busy.has(path)) return;
    const deletion = deleteNow(path, options)
      .catch((error) => {
        if (!isClosing) warn(`${path} could not be deleted, and is tried again`, error);
      })
      .finally(() => busy.delete(path));
    busy.set(path, deletion);
  }

  // Without a policy the pods would be left to themselves.
  const deleteJob = (namespace: string, attemptId: string) =>
    deleteOnce(`/apis/batch/v1/namespaces/${namespace}/jobs/${attemptId}`, { propagationPolicy: 'Background' });

  function deletePods(namespace: string, { pods }: ClusterView, graceMs: number): void {
    for (const { name } of pods) {
      const gracePeriodSeconds = Math.max(1, Math.ceil(graceMs / 1000));
      deleteOnce(`/api/v1/namespaces/${namespace}/pods/${name}`, { gracePeriodSeconds });
    }
  }

  return {
    remove(namespace, attemptId, view) {
      if (view.job === null) deletePods(namespace, view, 0);
      deleteJob(namespace, attemptId);
    },
    endPods(namespace, attemptId, view, graceMs) {
      deleteJob(namespace, attemptId);
      deletePods(namespace, view, graceMs);
    },
    async close() {
      isClosing = true;
      await Promise.race([Promise.all(busy.values()), delay(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}
