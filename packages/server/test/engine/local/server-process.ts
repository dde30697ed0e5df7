// A server as far as the engine goes: opens one on the directory that is its first argument, hands over each order that comes as a line of
// JSON, and prints its launcher's pid and every observation. Made to be killed.
import { createInterface } from 'node:readline';
import { openLocalEngine } from '../../../src/engine/local/local-engine.ts';

const engine = await openLocalEngine(
  {
    attemptsDir: process.argv[2] ?? '',
    cgroups: process.argv[3] === 'off' ? 'off' : 'auto',
    passVariables: [],
    logMaxBytes: 1024 ** 3,
    capacity: { cpus: null, memoryBytes: null, gpuIds: null, custom: {} },
    log: { warn: (details, message) => console.error(message, details) },
  },
  { onObservation: (observation) => console.log(JSON.stringify(observation)) },
);
console.log(JSON.stringify({ kind: 'opened', launcherPid: engine.launcherPid() }));
for await (const line of createInterface({ input: process.stdin })) await engine.handOver(JSON.parse(line));
