import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderErrorsDoc } from '../../../../scripts/generate-errors-doc.ts';

it('docs/errors.md is what scripts/generate-errors-doc.ts writes', () => {
  const committed = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
  expect(committed).toBe(renderErrorsDoc());
});
