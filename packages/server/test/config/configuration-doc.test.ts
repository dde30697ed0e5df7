import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderConfigurationDoc } from '../../../../scripts/generate-configuration-doc.ts';

it('docs/configuration.md is what scripts/generate-configuration-doc.ts writes', () => {
  const committed = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
  expect(committed).toBe(renderConfigurationDoc());
});
