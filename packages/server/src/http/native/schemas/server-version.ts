import { z } from 'zod';

export const serverVersion = z
  .strictObject({
    version: z.string().describe("Drover's own."),
    api: z.literal('v1'),
    node_id: z.string(),
  })
  .meta({ id: 'ServerVersion' });
