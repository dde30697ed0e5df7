import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { createOperatorLog } from './log/operator-log.ts';
import { openServer } from './open-server.ts';
import { otherLoginAccounts } from './safety/login-accounts.ts';

/**
 * Serves until SIGTERM or SIGINT, and resolves when everything is closed; SIGHUP reads the token file again. Prints the
 * readiness line to stdout.
 *
 * @throws {Error} with a sentence for the operator where the server cannot begin
 */
export async function runServer(config: Config): Promise<void> {
  const log = createOperatorLog(config.logLevel);
  const die = (error: unknown, what: string) => {
    log.fatal({ err: error }, what);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => die(error, 'a fault that nothing was prepared for'));
  process.on('unhandledRejection', (error) => die(error, 'a fault that nothing was prepared for'));
  warnOfOtherAccounts(config, log);

  const server = await openServer({
    config,
    environment: process.env,
    log,
    onFatal: (error) => die(error, 'the job store failed; the next start recovers'),
  });
  process.on('SIGHUP', server.reloadToken);
  process.stdout.write(`drover listening on ${server.url}\n`);

  const signal = await nextSignal();
  log.info({ signal }, 'shutting down; drivers go on');
  // Who asks twice does not want to wait.
  void nextSignal().then(() => process.exit(1));
  await server.close();
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      process.off('SIGTERM', onSignal);
      process.off('SIGINT', onSignal);
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

/** Without a token, whoever can log in here can run commands as the account that serves. */
function warnOfOtherAccounts({ tokenFile }: Config, log: Logger): void {
  const uid = process.getuid?.();
  if (tokenFile !== null || uid === undefined) return;
  let passwd: string;
  try {
    passwd = readFileSync('/etc/passwd', 'utf8');
  } catch {
    // A machine without one has no accounts to warn of.
    return;
  }
  const accounts = otherLoginAccounts(passwd, uid).map(({ name }) => name);
  if (accounts.length === 0) return;
  log.warn(
    { accounts },
    'no token is wanted: other accounts of this machine can run commands as this one; give --token-file',
  );
}
