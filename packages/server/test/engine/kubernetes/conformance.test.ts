import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeEngine } from '../conformance.ts';
import { isRunningInPod, KUBECONFIG, openTestCluster, type TestCluster, WITHOUT } from './cluster.ts';

describe.skipIf(KUBECONFIG === null).each([
  ['pod', 'Kubernetes engine with a courier beside each driver'],
  ['node', 'Kubernetes engine with a courier on each node'],
] as const)(`%s${KUBECONFIG === null ? `: ${WITHOUT}` : ''}`, (courier, title) => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await openTestCluster(courier);
  });
  afterAll(() => cluster.close());

  describeEngine(title, {
    isRunning: isRunningInPod,
    makeFolder: () => mkdtempSync(join(cluster.shared, 'test-')),
    open: (attemptsDir, events) => cluster.open(attemptsDir, events),
  });
});
