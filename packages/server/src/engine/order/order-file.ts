import { renameSync, writeFileSync } from 'node:fs';
import { readTextIfThere } from '../record/read-text.ts';
import { entryFile } from './entry-file.ts';
import { quoteForShell } from './shell-quote.ts';

/** What `driver.sh` needs to become the driver. */
export interface DriverOrder {
  /** Directories of the cgroups that the driver enters; the first holds all its processes. */
  cgroups: readonly string[];
  workingDirectory: string;
  variables: Readonly<Record<string, string>>;
  /** Given to `/bin/sh -c`. */
  entrypoint: string;
}

/** Makes the order appear at `path` as a whole or not at all: a server may die while it writes. */
export function writeOrder(path: string, order: DriverOrder): void {
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, formatOrder(order), { mode: 0o600 });
  renameSync(unfinished, path);
}

/** The order as sh text. */
export function formatOrder(order: DriverOrder): string {
  const variables = Object.entries(order.variables);
  const plain = variables.filter(([name]) => !isShellVariable(name));
  const special = variables.filter(([name]) => isShellVariable(name));
  const env = special.length === 0 ? [] : ['/usr/bin/env', ...special.map(([name, value]) => assignment(name, value))];
  return [
    ...order.cgroups.map((directory) => `${CGROUP_MARK}${oneLine(directory)}`),
    'drover_enter() {',
    ':',
    ...order.cgroups.map((directory) => `echo 0 >${quoteForShell(entryFile(directory))} || return`),
    '}',
    `drover_directory=${quoteForShell(order.workingDirectory)}`,
    'drover_begin() {',
    ...plain.map(([name, value]) => `export ${assignment(name, value)}`),
    ['exec', ...env, '/bin/sh', '-c', quoteForShell(order.entrypoint), '3>&-'].join(' '),
    '}',
    '',
  ].join('\n');
}

/** The cgroups that the order at `path` names; empty where it is gone, or names none. */
export function cgroupsOfOrder(path: string): string[] {
  const directories: string[] = [];
  for (const line of (readTextIfThere(path) ?? '').split('\n')) {
    if (!line.startsWith(CGROUP_MARK)) break;
    directories.push(line.slice(CGROUP_MARK.length));
  }
  return directories;
}

const CGROUP_MARK = '# cgroup ';

function oneLine(directory: string): string {
  if (directory.includes('\n')) throw new Error(`a cgroup's path has a newline: ${JSON.stringify(directory)}`);
  return directory;
}

function assignment(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`'${name}' cannot name a variable`);
  return `${name}=${quoteForShell(value)}`;
}

/**
 * Whether a shell gives the variable a meaning of its own: some cannot be set there (`UID`), some end the shell (`OPTIND=x`), some
 * change how it reads on. env(1) sets those.
 */
function isShellVariable(name: string): boolean {
  return SHELL_VARIABLES.test(name);
}

const SHELL_VARIABLES =
  /^(_|BASH.*|COMP_.*|DIRSTACK|ENV|EPOCH.*|EUID|FUNCN.*|GLOBIGNORE|GROUPS|HIST.*|IFS|LC_.*|LANG|LINENO|OLDPWD|OPT(ARG|ERR|IND)|PIPESTATUS|POSIXLY_CORRECT|PPID|PS[0-4]|PWD|S?RANDOM|SECONDS|SHELLOPTS|SHLVL|TERM|TMOUT|UID)$/;
