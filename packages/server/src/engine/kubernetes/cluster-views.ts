import type { EngineNode } from '../engine.ts';
import type { ClusterClient } from './client/cluster-client.ts';
import { type WatchedCollection, watchCollection } from './client/watch-collection.ts';
import type { ClusterView } from './cluster-word.ts';
import { type JobState, readJob } from './job-state.ts';
import { SERVER_LABEL } from './labels.ts';
import { readNode } from './node-state.ts';
import { type PodState, readPod } from './pod-state.ts';
import type { KubernetesSettings } from './settings.ts';

/** What the cluster has of this server's, kept up to date by two watches per namespace and one for the nodes. */
export interface ClusterViews {
  viewOf(namespace: string, attemptId: string): ClusterView;
  /** Attempts of which there is a Job, or a pod whose Job is gone. */
  attempts(): Iterable<{ namespace: string; attemptId: string }>;
  nodes(): ReadonlyMap<string, EngineNode>;
  /** Why news do not come now, in words; null where they do. */
  trouble(): string | null;
  close(): Promise<void>;
}

export interface ClusterViewsOptions {
  client: ClusterClient;
  settings: KubernetesSettings;
  serverId: string;
  /** What the cluster shows of an attempt has changed. */
  onChange(attemptId: string): void;
  /** All may have changed. */
  onKnown(): void;
  /** Nodes have come or gone, or have other amounts. */
  onNodesChange(): void;
}

interface NamespaceView {
  jobs: WatchedCollection<JobState>;
  pods: WatchedCollection<PodState>;
  podsByAttempt: Map<string, Map<string, PodState>>;
}

export function openClusterViews(options: ClusterViewsOptions): ClusterViews {
  const { client, settings, serverId, onChange, onKnown } = options;
  const labelSelector = `${SERVER_LABEL}=${serverId}`;
  const namespaces = new Set([settings.namespace, ...Object.values(settings.tenant_namespaces)]);
  const views = new Map([...namespaces].map((namespace) => [namespace, openNamespace(namespace)] as const));
  const nodes = watchCollection({
    client,
    path: '/api/v1/nodes',
    labelSelector: null,
    read: (object) => readNode(object, settings),
    onChange: () => options.onNodesChange(),
    onKnown: () => undefined,
  });

  function openNamespace(namespace: string): NamespaceView {
    const podsByAttempt = new Map<string, Map<string, PodState>>();
    const attemptOf = new Map<string, string>();
    const jobs = watchCollection({
      client,
      path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
      labelSelector,
      read: readJob,
      // A Job has its attempt's name.
      onChange,
      onKnown,
    });
    const pods = watchCollection({
      client,
      path: `/api/v1/namespaces/${namespace}/pods`,
      labelSelector,
      read: readPod,
      onChange(name, pod) {
        const attemptId = pod?.attemptId ?? attemptOf.get(name);
        if (attemptId === undefined) return;
        const ofAttempt = podsByAttempt.get(attemptId) ?? new Map<string, PodState>();
        podsByAttempt.set(attemptId, ofAttempt);
        if (pod === null) {
          ofAttempt.delete(name);
          attemptOf.delete(name);
          if (ofAttempt.size === 0) podsByAttempt.delete(attemptId);
        } else {
          ofAttempt.set(name, pod);
          attemptOf.set(name, attemptId);
        }
        onChange(attemptId);
      },
      onKnown,
    });
    return { jobs, pods, podsByAttempt };
  }

  const collections = () => [...views.values()].flatMap(({ jobs, pods }) => [jobs, pods]);

  return {
    viewOf(namespace, attemptId) {
      const view = views.get(namespace);
      if (view === undefined) return { isCurrent: false, job: null, pods: [] };
      const { jobs, pods, podsByAttempt } = view;
      return {
        isCurrent: jobs.isKnown() && pods.isKnown() && jobs.trouble() === null && pods.trouble() === null,
        job: jobs.all().get(attemptId) ?? null,
        pods: [...(podsByAttempt.get(attemptId)?.values() ?? [])],
      };
    },
    *attempts() {
      for (const [namespace, { jobs, podsByAttempt }] of views) {
        for (const { attemptId } of jobs.all().values()) yield { namespace, attemptId };
        for (const attemptId of podsByAttempt.keys()) if (!jobs.all().has(attemptId)) yield { namespace, attemptId };
      }
    },
    nodes: () => nodes.all(),
    trouble() {
      for (const collection of collections()) {
        const trouble = collection.trouble();
        if (trouble !== null) return trouble;
      }
      return null;
    },
    async close() {
      await Promise.all([...collections(), nodes].map((collection) => collection.close()));
    },
  };
}
