import { expect, it } from 'vitest';
import { shellCodeOf } from '../../../../src/engine/slurm/client/wait-status.ts';

it.each([
  [0, 0],
  [1280, 5],
  [255 << 8, 255],
  [9, 137],
  [15, 143],
  // Numbers of Slurm's own errors: it could not start the script.
  [4021, null],
  [0x7f, null],
  [0x1_0000, null],
])('reads the wait status %i as the exit code %s', (waitStatus, code) => {
  expect(shellCodeOf(waitStatus)).toBe(code);
});
