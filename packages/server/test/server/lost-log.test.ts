import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ended, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

const server = useServer();

async function runsJobs(url: string): Promise<void> {
  const id = await submit(url, { entrypoint: 'exit 4' });
  expect(await ended(url, id)).toMatchObject({ status: 'FAILED', driver_exit_code: 4 });
}

describe('a server whose log cannot be written', () => {
  it('goes on where the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      await server.start(['--log-level', 'debug'], {}, full);
    } finally {
      closeSync(full);
    }
    await runsJobs(server.url);
    expect(await server.stop()).toBe(0);
  });

  it('goes on where the reader of its log has gone', async () => {
    await server.start(['--log-level', 'debug']);
    server.process.stderr?.destroy();
    await runsJobs(server.url);
    expect(await server.stop()).toBe(0);
  });
});
