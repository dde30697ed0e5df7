import { z } from 'zod';
import { limits, use } from './queue-answer.ts';

export const tenant = z
  .strictObject({
    name: z.string(),
    weight: z.number().describe('With 2 it may hold twice as much before others come first.'),
    quota: limits,
    default_queue: z.string().describe('Where its jobs go that name no queue.'),
    use,
    share: z
      .strictObject({ now: z.number(), average: z.number() })
      .describe('Of the machine, by the resource that it holds most of: at this moment, and of late.'),
  })
  .meta({ id: 'Tenant' });

export const tenantList = z.strictObject({ tenants: z.array(tenant) }).meta({ id: 'TenantList' });
