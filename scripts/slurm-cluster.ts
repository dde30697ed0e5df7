// Brings up a Slurm of three nodes and keeps it until it is ended: for trying things out, and for benchmarks.
// usage: sh scripts/node.sh scripts/slurm-cluster.ts [--accounting]
import { once } from 'node:events';
import { provideAccounting, provideSlurm } from './clusters/slurm/requirements.ts';
import { startSlurmCluster } from './clusters/slurm/start-cluster.ts';

const hasAccounting = process.argv.includes('--accounting');
const mayInstall = process.env.DROVER_TEST_INSTALL === '1';
const missing = provideSlurm(mayInstall) ?? (hasAccounting ? provideAccounting(mayInstall) : null);
if (missing !== null) {
  console.error(missing);
  process.exit(1);
}
const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
const cluster = await startSlurmCluster({ hasAccounting });
const { slurmConf, socket, url, tokenFile, user, work, nodes } = cluster;
console.log(JSON.stringify({ SLURM_CONF: slurmConf, socket, url, tokenFile, user, work, nodes }));
await ended;
await cluster.stop();
