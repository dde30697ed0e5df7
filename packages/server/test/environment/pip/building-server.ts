import { createVirtualEnvironments } from '../../../src/environment/pip/virtual-environments.ts';

// A server as far as virtual environments go: builds one for the requirement `argv[4]` with the Python `argv[3]`, in the cache `argv[2]`.

const [cacheDir = '', path = '', requirement = ''] = process.argv.slice(2);

const environments = createVirtualEnvironments({
  cacheDir,
  interpreter: { found: true, interpreter: { path, version: '3.11.7', pipName: 'pip3.11' } },
  serverVariables: process.env,
  maxAgeMs: 60_000,
  maxBuilds: 1,
  killGraceMs: 5_000,
  now: Date.now,
  warn: (message, error) => console.error(message, error),
});
const waiter = { signal: new AbortController().signal, timeoutMs: 60_000 };
await environments.obtain({ tenant: 'default', requirements: [requirement], check: true, pipVersion: null }, waiter);
