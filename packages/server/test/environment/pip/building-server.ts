import { createEnvironmentCache } from '../../../src/environment/cache/environment-cache.ts';
import { createVirtualEnvironments } from '../../../src/environment/pip/virtual-environments.ts';
import { createSlots } from '../../../src/timing/slots.ts';

// A server as far as virtual environments go: builds one for the requirement `argv[4]` with the Python `argv[3]`, in the cache `argv[2]`.

const [cacheDir = '', path = '', requirement = ''] = process.argv.slice(2);

const environments = createVirtualEnvironments({
  cache: createEnvironmentCache({
    cacheDir,
    isOpenToOthers: false,
    maxAgeMs: 60_000,
    building: createSlots(1),
    now: Date.now,
    warn: (message, error) => console.error(message, error),
  }),
  interpreter: { found: true, interpreter: { path, version: '3.11.7', pipName: 'pip3.11' } },
  serverVariables: process.env,
  killGraceMs: 5_000,
});
const waiter = { signal: new AbortController().signal, timeoutMs: 60_000 };
await environments.obtain({ tenant: 'default', requirements: [requirement], check: true, pipVersion: null }, waiter);
