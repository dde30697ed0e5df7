import { expect, it } from 'vitest';
import { barLine } from '../../../src/cli/display/upload-bar.ts';

it.each([
  [{ phase: 'hashing', doneBytes: 0, totalBytes: 2 ** 21 }, `reading   [${'░'.repeat(24)}]   0% of 2.0 MiB`],
  [
    { phase: 'sending', doneBytes: 2 ** 20, totalBytes: 2 ** 21 },
    `uploading [${'█'.repeat(12)}${'░'.repeat(12)}]  50% of 2.0 MiB`,
  ],
  [{ phase: 'sending', doneBytes: 9, totalBytes: 3 }, `uploading [${'█'.repeat(24)}] 100% of 0.0 MiB`],
  [{ phase: 'sending', doneBytes: 0, totalBytes: 0 }, `uploading [${'█'.repeat(24)}] 100% of 0.0 MiB`],
] as const)('%j is shown as a bar', (progress, line) => {
  expect(barLine({ ...progress, sentBytes: 0 })).toBe(line);
});
