import { join } from 'node:path';
import { serveNode } from './serve-node.ts';
import { logLine, readSetting } from './surroundings.ts';

/* The program of the courier that serves all pods of a node; its environment is that of `deploy/kubernetes/courier.yaml`. */

const pods = process.env.DROVER_PODS ?? '/var/lib/kubelet/pods';
serveNode({
  pods,
  // Its own volume, by the way that leads to those of the others: what is unpacked in it can be moved to them.
  staging: join(pods, readSetting('DROVER_POD_UID'), 'volumes/kubernetes.io~empty-dir/staging'),
  server: readSetting('DROVER_SERVER'),
  ca: process.env.DROVER_CA ?? null,
  node: readSetting('DROVER_NODE'),
  warn: logLine,
});
// Another one goes on where this one ends.
process.on('SIGTERM', () => process.exit(0));
