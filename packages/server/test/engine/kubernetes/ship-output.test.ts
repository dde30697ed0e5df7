import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DoorClient } from '../../../src/engine/kubernetes/courier/door-client.ts';
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
let path: string;
let keeper: ReturnType<typeof createKeeper>;
let shipment: OutputShipment;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-shipment-'));
  path = join(folder, 'log');
  keeper = createKeeper();
  shipment = shipOutput(keeper.door, path);
});
afterEach(() => {
  shipment.close();
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
