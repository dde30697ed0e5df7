import { z } from 'zod';
import { whole } from './values.ts';

const amounts = z
  .strictObject({
    running: whole.describe('Drivers at once.'),
    cpus: z.number().describe('Cores.'),
    gpus: z.number().describe('Devices, parts of one as fractions.'),
    memory_bytes: whole,
    custom: z.record(z.string(), z.number()).describe('Amounts by the names that the operator has configured.'),
  })
  .meta({ id: 'NodeAmounts' });

const node = z
  .strictObject({
    id: z.string(),
    address: z.string().describe('By which others reach it.'),
    engine: z.string().describe('What runs drivers there.'),
    version: z.string().describe("Drover's own."),
    health: z
      .enum(['healthy', 'unavailable'])
      .describe(
        '`unavailable`: no driver can be started there at this moment. What is handed over meanwhile starts later.',
      ),
    trouble: z.string().nullable().describe('Why it is unavailable, in words; null where it is not.'),
    capacity: amounts.describe('What there is in all.'),
    in_use: amounts.describe('What running jobs were given, whatever they really take.'),
  })
  .meta({ id: 'ClusterNode', description: 'A node that drivers run on.' });

export const cluster = z
  .strictObject({
    waiting: whole.describe(
      'Jobs that have all they need but their turn; of an array, each element that has not become a job yet.',
    ),
    running: whole.describe(
      'Jobs that hold resources, from the decision to start them to the end of their last process.',
    ),
    nodes: z.array(node),
  })
  .meta({ id: 'Cluster', description: 'Where drivers run, and how much work there is.' });
