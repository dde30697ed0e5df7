import { readFileSync, writeSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { createOperatorLog } from './log/operator-log.ts';
import { openServer } from './open-server.ts';
import { isLoopback } from './safety/listen-address.ts';
import { type Account, otherLoginAccounts } from './safety/login-accounts.ts';

const STDOUT = 1;
const STOP_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/**
 * Serves until SIGTERM or SIGINT, and resolves when everything is closed. SIGHUP reads the token file again; where there
 * is none it ends the server too, so that one whose terminal is closed does not serve on unseen. Prints the readiness
 * line to stdout.
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
  warnOfOthers(config, log);

  const server = await openServer({
    config,
    environment: process.env,
    log,
    onFatal: (error) => die(error, 'the job store failed; the next start recovers'),
  });
  const onHangup = answerToHangup(config, process.env);
  // Where it ends the server too: a closing terminal sends it several times, and the shutdown takes its time.
  process.on('SIGHUP', onHangup === 'reload' ? server.reloadToken : () => {});
  const asked = nextSignal(onHangup === 'end' ? [...STOP_SIGNALS, 'SIGHUP'] : STOP_SIGNALS);
  // Whoever reads the line may ask it to end in the same moment.
  announce(server.url, log);

  const signal = await asked;
  log.info({ signal }, 'shutting down; drivers go on');
  // Who asks twice does not want to wait.
  void nextSignal(STOP_SIGNALS).then(() => process.exit(1));
  await server.close();
}

function answerToHangup(
  { tokenFile }: Config,
  environment: Readonly<Record<string, string | undefined>>,
): 'reload' | 'ignore' | 'end' {
  if (tokenFile !== null) return 'reload';
  // Node.js has forgotten by now what `nohup` asked for; the launcher has kept it.
  return environment.DROVER_NOHUP ? 'ignore' : 'end';
}

/** A full disk behind stdout must not end a server that can serve. */
function announce(url: string, log: Logger): void {
  try {
    writeSync(STDOUT, `drover listening on ${url}\n`);
  } catch (error) {
    log.warn({ err: error }, 'the readiness line could not be written');
  }
}

function nextSignal(signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      for (const awaited of signals) process.off(awaited, onSignal);
      resolve(signal);
    };
    for (const awaited of signals) process.on(awaited, onSignal);
  });
}

/** Without a token, whoever reaches the port can run commands as the account that serves. */
function warnOfOthers({ host, tokenFile }: Config, log: Logger): void {
  if (tokenFile !== null) return;
  if (!isLoopback(host)) {
    log.warn({ host }, 'no token is wanted: everybody who reaches this port can run commands here; give --token-file');
    return;
  }
  const accounts = loginAccounts().map(({ name }) => name);
  if (accounts.length === 0) return;
  log.warn(
    { accounts },
    'no token is wanted: other accounts of this machine can run commands as this one; give --token-file',
  );
}

function loginAccounts(): Account[] {
  const uid = process.getuid?.();
  if (uid === undefined) return [];
  try {
    return otherLoginAccounts(readFileSync('/etc/passwd', 'utf8'), uid);
  } catch {
    // A machine without that file has no accounts to warn of.
    return [];
  }
}
