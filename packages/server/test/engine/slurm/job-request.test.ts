import { describe, expect, it } from 'vitest';
import { checkEngineOptions } from '../../../src/engine/slurm/engine-options.ts';
import { requestOf, unknownResourceOf } from '../../../src/engine/slurm/job-request.ts';
import { slurmSettings } from '../../../src/engine/slurm/settings.ts';
import { NO_RESOURCES } from '../../../src/job/resources.ts';
import { orderFor } from '../orders.ts';

const settings = slurmSettings.parse({
  type: 'slurm',
  partition: 'main',
  account: 'lab',
  constraint: 'ib|eth',
  gpu_gres: 'gpu:a100',
  custom_resources: { NPU: 'npu' },
  pool_labels: { big: { partition: 'large', constraint: 'bigmem' } },
  allowed_options: ['partition', 'constraint', 'gres', 'nice'],
});

describe('what Slurm is asked for', () => {
  it('is what the settings say where the job says nothing', () => {
    expect(requestOf(orderFor('true'), settings)).toMatchObject({
      partition: 'main',
      account: 'lab',
      constraint: 'ib|eth',
      cpus: null,
      memoryMb: null,
      gres: null,
      timeLimitMinutes: null,
    });
  });

  it('is rounded up to what Slurm counts in', () => {
    const resources = { cpus: 0.5, memoryBytes: 2 ** 20 + 1, gpus: 0.25, custom: { NPU: 1.5 } };
    expect(requestOf(orderFor('true', { resources, runLimitMs: 1, graceMs: 0 }), settings)).toMatchObject({
      cpus: 1,
      memoryMb: 2,
      gres: 'gpu:a100:1,npu:2',
      // Two minutes of margin: Drover itself ends the driver at its limit.
      timeLimitMinutes: 3,
    });
  });

  it('follows the first pool label that is known, and the job itself before that', () => {
    const pooled = requestOf(orderFor('true', { poolLabels: ['unknown', 'big'] }), settings);
    expect(pooled).toMatchObject({ partition: 'large', constraint: '(ib|eth)&bigmem' });
    const own = orderFor('true', {
      poolLabels: ['big'],
      engineOptions: { partition: 'mine', gres: 'shard:1', nice: 7 },
    });
    expect(requestOf(own, settings)).toMatchObject({ partition: 'mine', gres: 'shard:1', nice: 7 });
  });

  it('keeps to what the settings ask of nodes, whatever the job asks beside it', () => {
    const constraintFor = (constraint: string) =>
      requestOf(orderFor('true', { engineOptions: { constraint } }), settings).constraint;
    expect(constraintFor('a&b')).toBe('(ib|eth)&a&b');
    expect(constraintFor('a|b')).toBe('(ib|eth)&(a|b)');
    // Slurm takes no parentheses within others.
    expect(constraintFor('(a|b)&c')).toBe('(ib|eth)&(a|b)&c');
    // Each of these would let in nodes that have neither.
    for (const constraint of ['a)|(b', 'a*1', '[a*1]']) expect(constraintFor(constraint)).toBe('ib|eth');
  });

  it('takes no pool label for one of the table that has only the name of something else', () => {
    const order = orderFor('true', { poolLabels: ['constructor', 'big'] });
    expect(requestOf(order, settings)).toMatchObject({ partition: 'large' });
  });

  it('leaves out what was allowed once and is not now', () => {
    const order = orderFor('true', { engineOptions: { qos: 'high' } });
    expect(requestOf(order, settings)).toMatchObject({ qos: null });
  });

  it('keeps control characters and quotes out of the comment', () => {
    const { comment } = requestOf(orderFor('true', { jobId: "a'b\nc", tenant: 't' }), settings);
    expect(comment).toBe('job=a_b_c tenant=t queue=default');
  });
});

it('knows no resources but those of its settings', () => {
  const order = (custom: Record<string, number>) => orderFor('true', { resources: { ...NO_RESOURCES, custom } });
  expect(unknownResourceOf(order({ NPU: 1 }), settings)).toBeNull();
  expect(unknownResourceOf(order({ TPU: 1 }), settings)).toContain('TPU');
});

it.each([
  [{}, null],
  [{ partition: 'other', nice: 0 }, null],
  [{ color: 'red' }, "no option 'color'"],
  [{ account: 'root' }, "the option 'account' is not among the allowed_options of the engine"],
  [{ partition: '' }, "the option 'partition' must be"],
  [{ partition: 'a b' }, "the option 'partition' must be"],
  [{ partition: '--uid=0' }, "the option 'partition' must be"],
  [{ partition: 'main\n--uid=0' }, "the option 'partition' must be"],
  [{ partition: 'main\u0000' }, "the option 'partition' must be"],
  [{ constraint: 'ib&(a|b)' }, null],
  [{ constraint: 'a)|(b' }, "the option 'constraint' must be"],
  [{ constraint: 'a|' }, "the option 'constraint' must be"],
  [{ constraint: 'a*1' }, "the option 'constraint' must be"],
  [{ constraint: '[a|b]' }, "the option 'constraint' must be"],
  [{ gres: 5 }, "the option 'gres' must be"],
  [{ nice: -1 }, "the option 'nice' must be"],
])('checks the options %j of a job', (options, problem) => {
  const found = checkEngineOptions(options, settings);
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});

it.each([
  [{ type: 'slurm', colour: 1 }],
  [{ type: 'slurm', partition: '-p' }],
  [{ type: 'slurm', token_file: 'relative/path' }],
  [{ type: 'slurm', poll_interval: 'soon' }],
  [{ type: 'slurm', allowed_options: ['uid'] }],
])('refuses the settings %j', (given) => {
  expect(slurmSettings.safeParse(given).success).toBe(false);
});
