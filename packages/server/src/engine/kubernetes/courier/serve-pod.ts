import { setTimeout as delay } from 'node:timers/promises';
import { attemptUrl, doorAddress } from '../door/door-address.ts';
import { ENDING_FILE } from '../labels.ts';
import { carryOut } from './carry-out.ts';
import type { DoorAgent } from './door-client.ts';
import { openPodFolder, type PodFolder } from './pod-folder.ts';
import { readTicket } from './ticket.ts';
import { waitInFolder } from './watch-files.ts';

/** What the courier of a node has for all its pods. */
export interface NodeSurroundings {
  /** For what is being unpacked, on the same file system as the pods' volumes. */
  staging: string;
  /** The `server_url` of the engine whose pods are served. */
  server: string;
  /** PEM; null: those that Node trusts. */
  ca: string | null;
  /** Name of the node, for people. */
  node: string;
  agent: DoorAgent;
  warn(message: string): void;
}

const TRY_AGAIN_MS = 1000;

/**
 * Serves one pod of the node, until the server knows the end of its driver, or the pod was gone before that began. What fails (a full disk,
 * say) is tried again while the pod is there. Never rejects.
 *
 * @param path of the volume that it shares with its driver
 */
export async function servePod(
  podUid: string,
  path: string,
  gone: AbortSignal,
  surroundings: NodeSurroundings,
): Promise<void> {
  let told = '';
  for (;;) {
    try {
      await serveOnce(podUid, path, gone, surroundings);
      return;
    } catch (error) {
      if (gone.aborted) return;
      const trouble = error instanceof Error ? error.message : String(error);
      if (trouble !== told) surroundings.warn(`pod ${podUid}: ${trouble}`);
      told = trouble;
      await delay(TRY_AGAIN_MS);
    }
  }
}

async function serveOnce(
  podUid: string,
  path: string,
  gone: AbortSignal,
  { server, ca, warn, ...surroundings }: NodeSurroundings,
): Promise<void> {
  const folder = openPodFolder(path);
  const over = new AbortController();
  try {
    const ticket = await waitInFolder(folder.path, () => readTicket(folder), gone);
    if (ticket.server !== doorAddress(server)) return; // Of another installation.
    const { attemptId, token } = ticket;
    await carryOut({
      ...surroundings,
      access: { url: attemptUrl(ticket.server, attemptId), token, podUid, ca, gone },
      folder,
      stopping: endingOf(folder, AbortSignal.any([gone, over.signal])),
      warn: (message) => warn(`${attemptId}: ${message}`),
    });
  } finally {
    over.abort();
    folder.close();
  }
}

/** Aborted when Kubernetes ends the pod: a hook of its container says so in the folder. */
function endingOf(folder: PodFolder, signal: AbortSignal): AbortSignal {
  const ending = new AbortController();
  waitInFolder(folder.path, () => (folder.has(ENDING_FILE) ? true : null), signal).then(
    () => ending.abort(new Error('the pod is being ended')),
    () => undefined,
  );
  return ending.signal;
}
