import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitInFolder } from '../../../src/engine/kubernetes/courier/watch-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-watch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

it('finds what comes where the folder cannot be watched', async () => {
  let looks = 0;
  const found = waitInFolder(
    join(folder, 'nowhere'),
    () => {
      looks += 1;
      return looks === 3 ? 'found' : null;
    },
    never,
  );
  expect(await found).toBe('found');
});

it('rejects where looking fails, at once or later', async () => {
  const fail = (): null => {
    throw new Error('cannot look');
  };
  await expect(waitInFolder(folder, fail, never)).rejects.toThrow('cannot look');
  let looks = 0;
  const later = (): null => {
    looks += 1;
    return looks === 1 ? null : fail();
  };
  await expect(waitInFolder(join(folder, 'nowhere'), later, never)).rejects.toThrow('cannot look');
});

it('ends with its signal, before or after it began, and does no harm where nobody hears of that', async () => {
  const ended = new AbortController();
  const waiting = waitInFolder(folder, () => null, ended.signal);
  waitInFolder(folder, () => null, ended.signal);
  ended.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
  await expect(waitInFolder(folder, () => null, ended.signal)).rejects.toThrow('over');
});
