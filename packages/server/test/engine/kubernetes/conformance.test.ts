import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeEngine } from '../conformance.ts';
import { isRunningInPod, KUBECONFIG, openTestCluster, type TestCluster, WITHOUT } from './cluster.ts';

if (KUBECONFIG === null) {
  describe.skip(`Kubernetes engine: ${WITHOUT}`);
} else {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  describeEngine('Kubernetes engine', {
    isRunning: isRunningInPod,
    makeFolder: () => mkdtempSync(join(cluster.shared, 'test-')),
    open: (attemptsDir, events) => cluster.open(attemptsDir, events),
  });
}
