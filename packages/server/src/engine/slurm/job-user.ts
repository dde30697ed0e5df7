import { execFile } from 'node:child_process';
import { chmodSync, lchownSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { lchown, opendir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Whom jobs run as. */
export interface JobUser {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
  /** Whether the server is another user: root, then. */
  isOther: boolean;
}

/**
 * Finds the user that jobs run as.
 *
 * @param name null for the server's own
 * @throws {Error} with a sentence for the operator where there is no such user, or the server may not act for it
 */
export async function findJobUser(name: string | null): Promise<JobUser> {
  const own = userInfo();
  if (name === null || name === own.username) {
    return {
      name: own.username,
      uid: own.uid,
      gid: own.gid,
      home: own.homedir,
      shell: own.shell ?? '/bin/sh',
      isOther: false,
    };
  }
  const entry = await promisify(execFile)('getent', ['passwd', name]).catch((error) => {
    throw new Error(`the user ${name} of the Slurm engine does not exist here`, { cause: error });
  });
  const [, , uid, gid, , home = '/', shell = '/bin/sh'] = entry.stdout.trim().split(':');
  if (own.uid !== 0)
    throw new Error(`only a server that is root can run Slurm jobs as ${name}; this one is ${own.username}`);
  return { name, uid: Number(uid), gid: Number(gid), home, shell, isOther: Number(uid) !== own.uid };
}

/** What drivers find in their environment of whom they are. */
export function userVariables({ name, home, shell }: JobUser): Record<string, string> {
  return { USER: name, LOGNAME: name, HOME: home, SHELL: shell };
}

/** Lets the user pass to the attempts and to environments; answers for the operator what keeps it from them. */
export function admit(attemptsDir: string, environmentsDir: string, user: JobUser): string[] {
  if (!user.isOther) return [];
  mkdirSync(environmentsDir, { recursive: true, mode: 0o700 });
  letPass(attemptsDir);
  letPass(environmentsDir);
  return [
    ...obstaclesTo(attemptsDir, "the attempts' directory", user),
    ...obstaclesTo(environmentsDir, 'environments of pip and conda (environments_dir)', user),
  ];
}

/** Through a directory of the server's, without seeing what is in it. */
function letPass(directory: string): void {
  const { mode } = statSync(directory);
  if ((mode & 0o001) === 0) chmodSync(directory, (mode & 0o7777) | 0o011);
}

/** See {@link OtherUser.obstaclesTo}. */
export function obstaclesTo(path: string, what: string, user: JobUser): string[] {
  const closed: string[] = [];
  for (let folder = dirname(realpathSync(path)); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) closed.push(folder);
    if (folder === dirname(folder)) break;
  }
  return closed.map((folder) => `jobs run as ${user.name}, who cannot pass through ${folder} to ${what}`);
}

/** Makes files the user's. */
export function giveFiles(paths: readonly string[], { uid, gid, isOther }: JobUser): void {
  if (isOther) for (const path of paths) lchownSync(path, uid, gid);
}

/** Makes a directory with all that is in it the user's; links are not followed. */
export async function giveTree(path: string, user: JobUser): Promise<void> {
  if (!user.isOther) return;
  await lchown(path, user.uid, user.gid);
  for await (const entry of await opendir(path)) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) await giveTree(inner, user);
    else await lchown(inner, user.uid, user.gid);
  }
}
