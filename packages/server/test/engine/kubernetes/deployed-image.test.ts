import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../../../scripts/free-ports.ts';
import { kubeconfigAccess } from '../../../src/engine/kubernetes/client/cluster-access.ts';
import { runDrover } from '../../cli/fixture/run-drover.ts';
import { IMAGE } from '../../image/image.ts';
import { untilSlow } from './attempts.ts';
import { CLUSTER, KUBECONFIG, openTestCluster, serverUrl, type TestCluster, WITHOUT } from './cluster.ts';
import { courierHere, serverHere } from './deploy-here.ts';
import { make, manifestsOf, openNamespaces, removeNamespaces, tokenOf } from './deployed.ts';

const run = promisify(execFile);
const missing =
  KUBECONFIG === null || CLUSTER === null
    ? WITHOUT
    : IMAGE === null
      ? 'needs an image of deploy/Containerfile, which npm run test:kubernetes builds where npm run test:image can'
      : null;
const TOKEN = randomBytes(32).toString('hex');
const SECRETS = { apiVersion: 'v1', kind: 'Secret' };

describe.skipIf(missing !== null)(
  `the image in a cluster, as deploy/ says${missing === null ? '' : `: ${missing}`}`,
  () => {
    let cluster: TestCluster;
    let address: string;

    beforeAll(async () => {
      cluster = await openTestCluster();
      for (const node of ['n1', 'n2']) await provideImage(join(CLUSTER ?? '', node, 'containerd.sock'));
      await openNamespaces(cluster.client);
      const [port = 0] = await findFreePorts(1, '0.0.0.0');
      address = serverUrl(port);
      const { server, ca } = kubeconfigAccess(KUBECONFIG ?? '', null);
      const account = {
        token: await tokenOf(cluster.client, 'drover', 'drover'),
        'ca.crt': ca ?? '',
        namespace: 'drover',
      };
      const secrets = { 'drover-token': { token: TOKEN }, 'drover-account': account };
      for (const [name, stringData] of Object.entries(secrets)) {
        await make(cluster.client, { ...SECRETS, metadata: { name, namespace: 'drover' }, stringData });
      }
      for (const manifest of manifestsOf('server.yaml')) {
        await make(cluster.client, serverHere(manifest, { address, apiserver: new URL(server) }));
      }
      for (const manifest of manifestsOf('courier.yaml')) await make(cluster.client, courierHere(manifest, address));
      await untilSlow('a server', async () => (await fetch(`${address}/readyz`).catch(() => null))?.status === 200);
    }, 300_000);
    afterAll(async () => {
      await removeNamespaces(cluster.client);
      await cluster.close();
    });

    const drover = (...args: string[]) => runDrover(args, { address, env: { DROVER_TOKEN: TOKEN } });

    it('shows the nodes of the cluster that its server runs in', async () => {
      const { code, stdout } = await drover('cluster');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^n1 .* pods .* healthy$/m);
      expect(stdout).toMatch(/^n2 .* pods .* healthy$/m);
    });

    it.each([
      ['beside the driver', 'pods'],
      ['on the node', 'shared'],
    ])(
      'runs a driver with its courier %s',
      async (_, engine) => {
        const command = 'echo "out of $DROVER_JOB_ID"; exit 7';
        const submitted = await drover('submit', '--id', `of-${engine}`, '--engine', engine, '--follow', '--', command);
        expect(submitted).toMatchObject({ code: 7, stdout: `out of of-${engine}\n` });
      },
      120_000,
    );
  },
);

/** Has a node know the image that was built by the name that it has in `deploy/`. */
async function provideImage(socket: string): Promise<void> {
  const ctr = (...args: string[]) => run('ctr', ['--address', socket, '--namespace', 'k8s.io', 'images', ...args]);
  await ctr('import', join(IMAGE ?? '', 'drover.tar'));
  await ctr('tag', '--force', 'localhost/drover:test', 'registry.example/drover:0.1.0');
}
