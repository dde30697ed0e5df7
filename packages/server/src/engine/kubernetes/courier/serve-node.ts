import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SHARED_VOLUME } from '../labels.ts';
import { createDoorAgent } from './door-client.ts';
import { type NodeSurroundings, servePod } from './serve-pod.ts';
import { watchFolder } from './watch-files.ts';

export interface NodeCourierOptions extends Omit<NodeSurroundings, 'agent'> {
  /** Where the kubelet keeps what belongs to pods, each in a folder named by its UID. */
  pods: string;
}

/** So soon a new pod is found at the latest; its driver's container takes longer to start. */
const LOOK_AGAIN_MS = 200;

/**
 * Is the courier of all pods of a node whose drivers work for one server. It knows them by their volume, and asks in their names: with the
 * token that the pod shows, for the pod that the kubelet says it is. Goes on as long as the process.
 *
 * @throws where `pods` cannot be read
 */
export function serveNode({ pods, ...options }: NodeCourierOptions): void {
  const agent = createDoorAgent(options.server);
  const known = new Map<string, AbortController>();

  function look(): void {
    const present = new Set(readdirSync(pods));
    for (const [podUid, gone] of known) {
      if (present.has(podUid)) continue;
      gone.abort(new Error('the pod is gone'));
      known.delete(podUid);
    }
    for (const podUid of present) {
      const path = join(pods, podUid, 'volumes/kubernetes.io~empty-dir', SHARED_VOLUME);
      if (known.has(podUid) || !existsSync(path)) continue;
      const gone = new AbortController();
      known.set(podUid, gone);
      void servePod(podUid, path, gone.signal, { ...options, agent });
    }
  }

  function lookAgain(): void {
    try {
      look();
    } catch (error) {
      options.warn(`the pods of the node cannot be listed: ${error}`);
    }
  }

  look();
  watchFolder(pods, lookAgain, LOOK_AGAIN_MS);
}
