import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DoorAnswer, DoorClient } from '../../../src/engine/kubernetes/courier/door-client.ts';
import { openPodFolder, type PodFolder } from '../../../src/engine/kubernetes/courier/pod-folder.ts';
import { takeWork } from '../../../src/engine/kubernetes/courier/take-work.ts';

let place: string;
let folder: PodFolder;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'drover-take-'));
  for (const name of ['volume', 'staging']) mkdirSync(join(place, name));
  folder = openPodFolder(join(place, 'volume'));
});
afterEach(() => {
  folder.close();
  rmSync(place, { recursive: true, force: true });
});

/** A server whose answers are given, one after the other, to each path. */
function doorWith(answers: Readonly<Record<string, (() => DoorAnswer)[]>>): DoorClient {
  const left = new Map(Object.entries(answers).map(([path, list]) => [path, [...list]]));
  return {
    async ask({ path }) {
      const answer = left.get(path)?.shift();
      if (answer === undefined) throw new Error(`nothing more is answered to ${path}`);
      return answer();
    },
  };
}

const answer = (status: number, body: Readable) => ({ status, headers: {}, body });
const claimed = (hasWorkingDirectory: boolean) => () =>
  answer(
    200,
    Readable.from([
      Buffer.from(
        JSON.stringify({
          driver: 'the script',
          order: 'the order',
          has_working_directory: hasWorkingDirectory,
          grace_ms: 7,
        }),
      ),
    ]),
  );
const brokenOff = () =>
  answer(
    200,
    Readable.from(
      (async function* () {
        yield Buffer.from('{"driver":');
        throw new Error('ECONNRESET');
      })(),
    ),
  );

const take = (door: DoorClient) =>
  takeWork(door, { folder, staging: join(place, 'staging') }, 'n1', new AbortController().signal);

it('asks again for a claim whose answer broke off', async () => {
  expect(await take(doorWith({ claim: [brokenOff, brokenOff, claimed(false)] }))).toEqual({
    graceMs: 7,
    obstacle: null,
  });
  expect(readFileSync(join(place, 'volume', 'order'), 'utf8')).toBe('the order');
});

it('takes nothing where another pod has the attempt', async () => {
  expect(await take(doorWith({ claim: [() => answer(409, Readable.from([]))] }))).toBeNull();
  expect(readdirSync(join(place, 'volume'))).toEqual([]);
});

it('names what is in the way of a working directory that cannot be unpacked, and leaves nothing of it', async () => {
  const garbage = () => answer(200, Readable.from([Buffer.from('this is no archive')]));
  const door = doorWith({ claim: [claimed(true)], 'working-directory': Array.from({ length: 5 }, () => garbage) });
  expect(await take(door)).toEqual({ graceMs: 7, obstacle: expect.stringContaining('tar: ') });
  expect(readdirSync(join(place, 'staging'))).toEqual([]);
});
