import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { kubernetesSettings } from '../../../src/engine/kubernetes/settings.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../../../docs/engines/kubernetes.md'), 'utf8');
const engines = z.object({ engines: z.object({ pods: kubernetesSettings }) });

it('has a row in the documentation for each setting, and no other row', () => {
  const rows = [...PAGE.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(Object.keys(kubernetesSettings.shape).sort());
});

it('takes the example of the documentation', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
  expect(engines.parse(parse(example)).engines.pods).toMatchObject({
    namespace: 'drover-jobs',
    start_patience: 120_000,
    courier_memory: 64 * 2 ** 20,
  });
});

it('names in the documentation all that a pod template may have', () => {
  const template = kubernetesSettings.shape.pod_template.unwrap().shape;
  for (const part of ['metadata', 'spec', 'driver', 'courier'] as const) {
    const keys = Object.keys(template[part].unwrap().shape);
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) expect(PAGE).toContain(`\`${key}\``);
  }
});

it('takes the settings of the server in deploy/', () => {
  const file = resolve(import.meta.dirname, '../../../../../deploy/kubernetes/server.yaml');
  const embedded = /drover\.yaml: \|\n((?: {4}.*\n)+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  expect(engines.parse(parse(embedded)).engines.pods).toMatchObject({ kubeconfig: null, allowed_options: ['image'] });
});
