import { appendFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DoorClient } from '../../../src/engine/kubernetes/courier/door-client.ts';
import { openPodFolder, type PodFolder } from '../../../src/engine/kubernetes/courier/pod-folder.ts';
import { type OutputShipment, shipOutput } from '../../../src/engine/kubernetes/courier/ship-output.ts';
import { until } from '../until.ts';

/** A server that keeps what it is brought, as the real one does, and can lose the last of it. */
function createKeeper() {
  let kept = Buffer.alloc(0);
  const door: DoorClient = {
    async ask({ path, bytes = Buffer.alloc(0) }) {
      const offset = Number(/offset=(\d+)$/.exec(path)?.[1]);
      const hasGap = offset > kept.length;
      if (!hasGap) kept = Buffer.concat([kept, bytes.subarray(kept.length - offset)]);
      const headers = { 'drover-output-size': String(kept.length) };
      return { status: hasGap ? 409 : 204, headers, body: Readable.from([]) };
    },
  };
  return {
    door,
    text: () => kept.toString(),
    lose(from: number) {
      kept = kept.subarray(0, from);
    },
  };
}

let folder: string;
let opened: PodFolder;
let path: string;
let keeper: ReturnType<typeof createKeeper>;
let shipment: OutputShipment;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-shipment-'));
  path = join(folder, 'log');
  keeper = createKeeper();
  opened = openPodFolder(folder);
  shipment = shipOutput(keeper.door, opened, 'log');
});
afterEach(() => {
  shipment.close();
  opened.close();
  rmSync(folder, { recursive: true, force: true });
});

it('sends what is written while it is written, and the rest at the end', async () => {
  writeFileSync(path, 'first ');
  await until('the first', () => keeper.text() === 'first ');
  appendFileSync(path, 'second ');
  await until('the second', () => keeper.text() === 'first second ');
  appendFileSync(path, 'third');
  expect(await shipment.finish()).toBe('first second third'.length);
  expect(keeper.text()).toBe('first second third');
});

it('sends what is larger than a piece', async () => {
  const text = 'x'.repeat(1_500_000);
  writeFileSync(path, text);
  expect(await shipment.finish()).toBe(text.length);
  expect(keeper.text()).toBe(text);
});

it('sends again what the server has lost, when more is written', async () => {
  writeFileSync(path, 'abcdef');
  await shipment.finish();
  keeper.lose(2);
  appendFileSync(path, 'ghi');
  await shipment.finish();
  expect(keeper.text()).toBe('abcdefghi');
});

it('sends again what the server has lost, when it is told so at the end', async () => {
  writeFileSync(path, 'abcdef');
  await shipment.finish();
  keeper.lose(2);
  shipment.goBackTo(2);
  expect(await shipment.finish()).toBe(6);
  expect(keeper.text()).toBe('abcdef');
});

it('has nothing to send where the driver was not let run', async () => {
  expect(await shipment.finish()).toBe(0);
});

it('brings what was written although the folder is gone by now', async () => {
  writeFileSync(path, 'begun ');
  await until('the first', () => keeper.text() === 'begun ');
  appendFileSync(path, 'and ended');
  rmSync(folder, { recursive: true });
  expect(await shipment.finish()).toBe('begun and ended'.length);
  expect(keeper.text()).toBe('begun and ended');
});

it('follows no link that a driver put in place of its output', async () => {
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'of somebody else');
  symlinkSync(secret, path);
  await expect(shipment.finish()).rejects.toThrow('ELOOP');
  expect(keeper.text()).toBe('');
});
