import { join } from 'node:path';
import { type RunningServer, startServer } from './running-server.ts';
import { hooksOf, type Lifetime, useDirectory } from './use-directory.ts';

/** A server as it was started last; before that it has no more than its directories. */
export interface UsedServer extends Readonly<RunningServer> {
  /** A temporary one; the data lie in `data`. */
  readonly directory: string;
  /** As {@link startServer}, over the data of the one before, which has to have ended. */
  start(args?: string[], env?: NodeJS.ProcessEnv, stderr?: 'pipe' | number): Promise<void>;
}

/** A server that tests or their hooks start, where and as often as they want it; it ends with them. */
export function useServer(lifetime: Lifetime = 'each'): UsedServer {
  const directory = useDirectory(lifetime);
  let last: RunningServer | null = null;

  hooksOf(lifetime).after(async () => {
    await last?.stop();
    last = null;
  });

  function started(): RunningServer {
    if (last === null) throw new Error('the test has not started its server');
    return last;
  }

  const dataDir = () => join(directory.path, 'data');
  return {
    get directory() {
      return directory.path;
    },
    get dataDir() {
      return dataDir();
    },
    get url() {
      return started().url;
    },
    get pid() {
      return started().pid;
    },
    get process() {
      return started().process;
    },
    log: () => started().log(),
    kill: () => started().kill(),
    stop: () => started().stop(),
    async start(...how) {
      last = await startServer(dataDir(), ...how);
    },
  };
}
