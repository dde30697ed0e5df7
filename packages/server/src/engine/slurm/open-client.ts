import { readFileSync } from 'node:fs';
import { createCommandClient } from './client/commands/command-client.ts';
import { createCommandRunner } from './client/commands/run-command.ts';
import { createRestClient } from './client/rest/rest-client.ts';
import type { SlurmClient } from './client/slurm-client.ts';
import type { JobUser } from './job-user.ts';
import type { SlurmSettings } from './settings.ts';

/** The client that the settings ask for: slurmrestd where it has an address, else Slurm's commands. */
export function openClient(settings: SlurmSettings, user: JobUser, path: string, now: () => number): SlurmClient {
  const { url, token_file: tokenFile } = settings;
  if (url === undefined) {
    const runner = createCommandRunner({
      directory: settings.command_path ?? null,
      slurmConf: settings.slurm_conf ?? null,
      path,
    });
    return createCommandClient({ runner, user: user.name, asOther: user.isOther });
  }
  return createRestClient({
    url,
    apiVersion: settings.api_version ?? null,
    now,
    headers: () =>
      tokenFile === undefined
        ? {}
        : { 'x-slurm-user-name': user.name, 'x-slurm-user-token': readFileSync(tokenFile, 'utf8').trim() },
  });
}
