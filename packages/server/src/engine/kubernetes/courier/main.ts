import { carryOut } from './carry-out.ts';
import { createDoorAgent } from './door-client.ts';
import { openPodFolder } from './pod-folder.ts';
import { logLine, readSetting } from './surroundings.ts';

/* The program of the container beside the driver's: all that it needs is in its environment, see `job-manifest.ts`. */

const path = process.argv[2] ?? '/drover';
const stopping = new AbortController();
// Kubernetes ends the pod: SIGTERM to both containers at once, and SIGKILL later.
process.on('SIGTERM', () => stopping.abort(new Error('the pod is being ended')));

const url = readSetting('DROVER_DOOR');
await carryOut({
  access: {
    url,
    token: readSetting('DROVER_ATTEMPT_TOKEN'),
    podUid: readSetting('DROVER_POD_UID'),
    ca: process.env.DROVER_CA ?? null,
    // It lives as long as this.
    gone: new AbortController().signal,
  },
  agent: createDoorAgent(url),
  node: readSetting('DROVER_NODE'),
  folder: openPodFolder(path),
  staging: path,
  stopping: stopping.signal,
  warn: logLine,
});
// Nothing else is to keep it.
process.exit(0);
