import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { readProcess } from '../../../src/engine/local/processes/process-entry.ts';
import { describeEngine } from '../conformance.ts';
import { openEngine } from './open-engine.ts';

const isRunning = (pid: number) => readProcess(pid) !== null;

describeEngine('local engine', {
  isRunning,
  open: (attemptsDir, events) => openEngine(attemptsDir, events),
});

describeEngine('local engine without cgroups', {
  isRunning,
  open: (attemptsDir, events) => openEngine(attemptsDir, events, { cgroups: 'off' }),
});

describe('with bash for sh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-shell-'));
  const shell = join(folder, 'sh');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  if (existsSync('/bin/bash')) {
    symlinkSync('/bin/bash', shell);
    describeEngine('local engine', {
      isRunning,
      open: (attemptsDir, events) => openEngine(attemptsDir, events, { shell }),
    });
  } else {
    describe.skip('local engine: there is no /bin/bash here');
  }
});
