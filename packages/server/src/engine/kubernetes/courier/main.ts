import { carryOut } from './carry-out.ts';

/** The program of the container beside the driver's: all that it needs is in its environment, see `job-manifest.ts`. */
function read(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

const stopping = new AbortController();
// Kubernetes ends the pod: SIGTERM to both containers at once, and SIGKILL later.
process.on('SIGTERM', () => stopping.abort(new Error('the pod is being ended')));

await carryOut({
  access: {
    url: read('DROVER_DOOR'),
    token: read('DROVER_ATTEMPT_TOKEN'),
    podUid: read('DROVER_POD_UID'),
    ca: process.env.DROVER_CA ?? null,
  },
  node: read('DROVER_NODE'),
  folder: process.argv[2] ?? '/drover',
  stopping: stopping.signal,
  warn: (message) => console.error(`${new Date().toISOString()} ${message}`),
});
// Nothing else is to keep it.
process.exit(0);
