import { z } from 'zod';
import { whole } from './values.ts';

const resources = {
  cpus: z.number().describe('Cores.'),
  gpus: z.number().describe('Devices, parts of one as fractions.'),
  memory_bytes: whole,
  custom: z.record(z.string(), z.number()).describe('Amounts by the names that the operator has configured.'),
};

const amounts = z.strictObject({ running: whole.describe('Drivers at once.'), ...resources }).meta({ id: 'Amounts' });

const nodeCapacity = z
  .strictObject({
    running: whole
      .nullable()
      .describe('Drivers at once; null where the engine has a queue of its own, and says so itself.'),
    ...resources,
  })
  .meta({ id: 'NodeAmounts' });

const UNAVAILABLE =
  '`unavailable`: no driver can be started there at this moment. What is handed over meanwhile starts later.';
const ABSENT =
  '`absent`: jobs name it, and the server is not configured with it: they wait, and what runs there goes on unseen, until it is again.';

const health = {
  health: z.enum(['healthy', 'unavailable']).describe(UNAVAILABLE),
  trouble: z.string().nullable().describe('Why it is unavailable, in words; null where it is not.'),
};

const node = z
  .strictObject({
    id: z.string(),
    address: z.string().describe('By which others reach it.'),
    engine: z.string().describe('What runs drivers there.'),
    version: z.string().describe("Drover's own."),
    ...health,
    capacity: nodeCapacity.describe('What there is in all.'),
    in_use: amounts
      .nullable()
      .describe(
        "What running jobs were given, whatever they really take; null where that is the engine's own to know.",
      ),
  })
  .meta({ id: 'ClusterNode', description: 'A node that drivers run on.' });

export const engine = z
  .strictObject({
    name: z.string().describe('By which queues and jobs choose it.'),
    has_own_queue: z
      .boolean()
      .describe('Whether it queues what it is given by rules of its own, as the scheduler of a cluster does.'),
    health: z.enum(['healthy', 'unavailable', 'absent']).describe(`${UNAVAILABLE} ${ABSENT}`),
    trouble: health.trouble,
    waiting: whole.describe(
      'Jobs that have all they need but their turn there; of an array, each element that has not become a job yet.',
    ),
    capacity: amounts.describe('What there is in all, as far as it is known.'),
    in_use: amounts.describe("What this server's jobs were given, whatever they really take."),
  })
  .meta({ id: 'Engine', description: 'What runs drivers: the machine of the server, or a cluster.' });

/** Answer of `GET /api/v1/engines`. */
export const engineList = z.strictObject({ engines: z.array(engine) }).meta({ id: 'EngineList' });

export const cluster = z
  .strictObject({
    waiting: whole.describe(
      'Jobs that have all they need but their turn; of an array, each element that has not become a job yet.',
    ),
    running: whole.describe(
      'Jobs that hold resources, from the decision to start them to the end of their last process.',
    ),
    engines: z.array(engine),
    nodes: z.array(node),
  })
  .meta({ id: 'Cluster', description: 'Where drivers run, and how much work there is.' });
