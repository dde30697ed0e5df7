import { z } from 'zod';
import { holdingLimits } from './queue.ts';

/** Body of `PATCH /api/v1/tenants/{name}`: what is absent stays as it was. */
export const changeTenant = z
  .strictObject({
    weight: z
      .number()
      .min(0.001)
      .max(1_000_000)
      .optional()
      .describe('With 2 it may hold twice as much before others come first.'),
    quota: holdingLimits.optional(),
    default_queue: z.string().optional().describe('Where its jobs go that name no queue.'),
  })
  .meta({ id: 'TenantChange' });

export type TenantRules = z.infer<typeof changeTenant>;
