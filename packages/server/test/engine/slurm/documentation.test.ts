import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { JOB_OPTIONS, slurmSettings } from '../../../src/engine/slurm/settings.ts';

const read = (path: string) => readFileSync(new URL(`../../../../../${path}`, import.meta.url), 'utf8');

it('docs/engines/slurm.md names every setting and every option of jobs', () => {
  const page = read('docs/engines/slurm.md');
  for (const name of [...Object.keys(slurmSettings.shape), ...JOB_OPTIONS]) expect(page).toContain(`\`${name}\``);
});

it.each([
  ['deploy/slurm/drover.yaml', read('deploy/slurm/drover.yaml')],
  ['docs/engines/slurm.md', /```yaml\n(.*?)```/s.exec(read('docs/engines/slurm.md'))?.[1] ?? ''],
])('the example in %s can be used', (_, text) => {
  expect(slurmSettings.parse(parse(text).engines.hpc)).toMatchObject({ type: 'slurm', partition: 'main' });
});
