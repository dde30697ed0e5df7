import type { PodWork } from './attempt-file.ts';
import { answerText } from './client/answer-text.ts';
import type { ClusterClient } from './client/cluster-client.ts';

/** Gives an attempt's Job to the cluster. Doing so again is harmless: its name is taken then. */
export interface Submission {
  /** Not while it is being sent, and not again right after. */
  send(): void;
  /** Why the cluster has not taken it for now, as a part of a sentence; null where it has, or was not asked. */
  trouble(): string | null;
  /** Why the cluster will never take it, as a sentence; null where it may. */
  refusal(): string | null;
}

/** What was sent shows in the watch long before. */
const AGAIN_AFTER_MS = 5000;
const AFTER_TROUBLE_MS = 1000;

/** @param onAnswer what the cluster says has changed */
export function createSubmission(work: PodWork, client: ClusterClient, onAnswer: () => void): Submission {
  let notBefore = Number.NEGATIVE_INFINITY;
  let isSending = false;
  let trouble: string | null = null;
  let refusal: string | null = null;

  async function sendNow(): Promise<void> {
    let answered: string | null = null;
    try {
      const path = `/apis/batch/v1/namespaces/${work.manifest.metadata.namespace}/jobs`;
      const answer = await client.request('POST', path, work.manifest);
      // 409: an answer was lost, or another server has sent it.
      if (answer.status !== 201 && answer.status !== 409) answered = answerText(answer);
      if (answer.status === 400 || answer.status === 422) refusal = `Kubernetes refuses the Job: ${answerText(answer)}`;
    } catch (error) {
      answered = error instanceof Error ? error.message : String(error);
    }
    trouble = answered;
    notBefore = performance.now() + (answered === null ? AGAIN_AFTER_MS : AFTER_TROUBLE_MS);
    isSending = false;
    onAnswer();
  }

  return {
    send() {
      if (isSending || performance.now() < notBefore) return;
      isSending = true;
      void sendNow();
    },
    trouble: () => trouble,
    refusal: () => refusal,
  };
}
