import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createDaemon, type Daemon } from './daemons.ts';

/** slurmdbd of a test cluster, and the MariaDB that it keeps its books in, which nobody else can reach. */
export interface ClusterAccounting {
  slurmdbd: Daemon;
  /** Starts both and waits until they answer: a controller that has never heard of slurmdbd does not begin without it. */
  start(waitFor: (what: string, ask: () => Promise<boolean>) => Promise<void>): Promise<void>;
  kill(): Promise<void>;
}

/** Both are this user: MariaDB knows it by the socket, and no password is needed. */
const USER = 'slurm';
const SOCKET_VARIABLE = 'MYSQL_UNIX_PORT';

/** Lines of `slurm.conf` for a cluster with books. */
export function accountingLines(directory: string, port: number): string[] {
  return [
    'AccountingStorageType=accounting_storage/slurmdbd',
    'AccountingStorageHost=127.0.0.1',
    `AccountingStoragePort=${port}`,
    // Not a password: with munge it is where that listens.
    `AccountingStoragePass=${directory}/munge/socket`,
  ];
}

/**
 * Makes an empty database, and both daemons for it. Everything lies in the folder `accounting` of the cluster.
 *
 * @param port slurmdbd's
 * @param chown gives a path to the user
 */
export async function createAccounting(
  directory: string,
  logs: string,
  port: number,
  chown: (path: string, user: string) => Promise<unknown>,
): Promise<ClusterAccounting> {
  const own = join(directory, 'accounting');
  const conf = join(directory, 'slurmdbd.conf');
  const data = join(own, 'data');
  const socket = join(own, 'socket');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(conf, slurmdbdConf(directory, own, port), { mode: 0o600 });
  for (const path of [own, data, conf]) await chown(path, USER);
  const mariadb = [
    ...['mariadbd', '--no-defaults', `--datadir=${data}`, `--socket=${socket}`, `--pid-file=${own}/mariadbd.pid`],
    ...['--skip-networking', '--innodb-buffer-pool-size=32M', '--innodb-log-file-size=8M'],
    '--innodb-flush-log-at-trx-commit=0',
  ];
  await fillSystemTables([...mariadb, '--bootstrap'], join(logs, 'mariadbd.log'));
  const environment = { SLURM_CONF: join(directory, 'slurm.conf'), [SOCKET_VARIABLE]: socket };
  const database = createDaemon('mariadbd', logs, mariadb, {}, USER);
  const slurmdbd = createDaemon('slurmdbd', logs, ['slurmdbd', '-D'], environment, USER);
  return {
    slurmdbd,
    async start(waitFor) {
      database.start();
      await waitFor('database', () => accepts({ path: socket }));
      slurmdbd.start();
      await waitFor('slurmdbd', () => accepts({ host: '127.0.0.1', port }));
    },
    async kill() {
      for (const daemon of [slurmdbd, database]) await daemon.kill('SIGKILL');
    },
  };
}

async function accepts(address: { path: string } | { host: string; port: number }): Promise<boolean> {
  const connection = connect(address);
  try {
    await once(connection, 'connect');
    return true;
  } finally {
    connection.destroy();
  }
}

function slurmdbdConf(directory: string, own: string, port: number): string {
  return [
    'AuthType=auth/munge',
    `AuthInfo=socket=${directory}/munge/socket`,
    'AuthAltTypes=auth/jwt',
    `AuthAltParameters=jwt_key=${directory}/jwt.key`,
    'DbdHost=localhost',
    'DbdAddr=127.0.0.1',
    `DbdPort=${port}`,
    `SlurmUser=${USER}`,
    `PidFile=${own}/slurmdbd.pid`,
    'StorageType=accounting_storage/mysql',
    // Then it takes the socket of its environment.
    'StorageHost=localhost',
    `StorageUser=${USER}`,
    'StorageLoc=slurm_acct_db',
    '',
  ].join('\n');
}

/** MariaDB's own folder changed its name with its version 11. */
const TABLES_DIRECTORIES = ['/usr/share/mysql', '/usr/share/mariadb'];

/** Debian's tool for it comes with a package that starts a server of its own. */
async function fillSystemTables(command: readonly string[], logFile: string): Promise<void> {
  const tables = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((name) => {
    const path = TABLES_DIRECTORIES.map((folder) => join(folder, name)).find((one) => existsSync(one));
    if (path === undefined) throw new Error(`MariaDB came without ${name}`);
    return readFileSync(path, 'utf8');
  });
  const statements = ['create database mysql;', 'use mysql;', `set @auth_root_socket='${USER}';`, ...tables]
    .join('\n')
    .split('\n')
    .filter((line) => !line.includes('@current_hostname'));
  const log = openSync(logFile, 'a');
  try {
    const child = spawn('setpriv', [`--reuid=${USER}`, `--regid=${USER}`, '--init-groups', ...command], {
      stdio: ['pipe', log, log],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      cwd: '/',
    });
    const ended = once(child, 'exit');
    // It may end before it has read all; its exit code says so.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${statements.join('\n')}\n`);
    const [code] = await ended;
    if (code !== 0) throw new Error(`the database for Slurm's accounting could not be made; ${logFile} may say why`);
  } finally {
    closeSync(log);
  }
}
