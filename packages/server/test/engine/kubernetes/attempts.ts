import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { AttemptOrder } from '../../../src/engine/engine.ts';
import type { ClusterClient } from '../../../src/engine/kubernetes/client/cluster-client.ts';
import type { KubernetesEngine } from '../../../src/engine/kubernetes/kubernetes-engine.ts';
import { isOver, type PodState, readPod } from '../../../src/engine/kubernetes/pod-state.ts';
import { createNews, type News } from '../news.ts';
import { PATIENCE_MS, until } from '../until.ts';
import type { TestCluster, TestOptions } from './cluster.ts';

/** An attempts' directory that pods see, with the engine that is open on it. */
export interface TestAttempts {
  folder: string;
  attemptsDir: string;
  engine: KubernetesEngine;
  news: News;
  log(order: AttemptOrder): string;
  /** Opens the engine anew, as another server would. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export async function openAttempts(cluster: TestCluster, options: TestOptions = {}): Promise<TestAttempts> {
  const folder = mkdtempSync(join(cluster.shared, 'test-'));
  const attemptsDir = mkdtempSync(join(folder, 'attempts-'));
  const opened: TestAttempts = {
    folder,
    attemptsDir,
    ...(await open()),
    log(order) {
      try {
        return readFileSync(attemptPaths(attemptsDir, order.attemptId).log, 'utf8');
      } catch {
        return ''; // Not there yet.
      }
    },
    async reopen() {
      Object.assign(opened, await open());
    },
    close: () => opened.engine.close(),
  };

  async function open(): Promise<{ engine: KubernetesEngine; news: News }> {
    const news = createNews();
    return { news, engine: await cluster.open(attemptsDir, news, options) };
  }

  return opened;
}

/** The pods that the cluster has of an attempt. */
export async function podsOf(
  client: ClusterClient,
  { attemptId }: AttemptOrder,
  namespace = 'default',
): Promise<PodState[]> {
  const selector = encodeURIComponent(`drover.dev/attempt=${attemptId}`);
  const { body } = await client.request('GET', `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
  const items =
    typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) ? body.items : [];
  return items.map(readPod).filter((pod) => pod !== null);
}

/** Whether it ended without a driver, since another pod has the attempt. */
export function wasRefused(pod: PodState): boolean {
  return isOver(pod) && pod.driver.kind === 'terminated' && pod.driver.message.includes('no driver was started');
}

/** As `until`, for what a kubelet takes its time with: up to two minutes. */
export function untilSlow<T>(what: string, ask: () => Promise<T | null | false>): Promise<T> {
  return until(what, ask, 2 * PATIENCE_MS);
}
