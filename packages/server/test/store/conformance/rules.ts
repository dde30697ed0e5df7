import { expect, test } from 'vitest';
import { newQueue } from '../../../src/queue/queue.ts';
import { newTenant } from '../../../src/queue/tenant.ts';
import { type OpenStore, storesOf } from './open-store.ts';

/** What operators have set, and what tenants have used. */
export function describeRules(open: OpenStore): void {
  const openStore = storesOf(open);

  test('queues and tenants are kept by their names, each as it was stored last', async () => {
    const { rules } = await openStore();
    expect(await rules.queues()).toEqual([]);
    await rules.putQueue(newQueue('train'));
    await rules.putQueue({ ...newQueue('train'), priority: 9, state: 'paused' });
    await rules.putTenant({ ...newTenant('a'), weight: 2.5 });
    expect(await rules.queues()).toEqual([{ ...newQueue('train'), priority: 9, state: 'paused' }]);
    expect(await rules.tenants()).toEqual([{ ...newTenant('a'), weight: 2.5 }]);
    expect(await rules.removeQueue('train')).toBe(true);
    expect(await rules.removeQueue('train')).toBe(false);
    expect(await rules.removeTenant('a')).toBe(true);
    expect([await rules.queues(), await rules.tenants()]).toEqual([[], []]);
  });

  test('averages replace those before them as a whole', async () => {
    const { rules } = await openStore();
    expect(await rules.averages()).toBeNull();
    await rules.saveAverages({
      averages: [
        { tenant: 'a', average: 0.25 },
        { tenant: 'b', average: 1 },
      ],
      atMs: 5,
    });
    await rules.saveAverages({ averages: [{ tenant: 'b', average: 0.5 }], atMs: 7 });
    expect(await rules.averages()).toEqual({ averages: [{ tenant: 'b', average: 0.5 }], atMs: 7 });
  });
}
