import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { DirectoryError } from './directory-error.ts';
import { type IgnoreRules, parseIgnoreRules } from './ignore-rules.ts';

/** A file, or a folder into which nothing else goes. */
export interface Member {
  /** Below the directory, with `/` between names; a folder's ends in one. */
  path: string;
  /** Where its content lies: behind a link, where the link leads. */
  source: string;
  /** Permission bits alone. */
  mode: number;
  sizeBytes: number;
}

/** Never part of a package, unless `excludes` bring them back (`!.venv`). */
const NEVER_WANTED = parseIgnoreRules('.git\n__pycache__/\n.venv/\nvenv/\n');

interface Folder {
  /** Where it lies, without links. */
  real: string;
  /** Empty for the directory itself, else ending in `/`. */
  prefix: string;
  /** Those of its `.gitignore` and of the folders above, the nearest last. */
  rules: readonly { prefix: string; rules: IgnoreRules }[];
  /** The folders that were entered on the way, without links: one that comes again is a circle. */
  above: readonly string[];
}

/**
 * What of the directory goes into the package, in order of the paths' bytes. Links are followed where they stay within.
 *
 * @param excludes patterns in gitignore's grammar, which win over every `.gitignore`
 * @throws {DirectoryError} for a directory that is not there, a link that leaves it, leads nowhere or in a circle, a name that is not UTF-8, and
 * what is neither file nor folder
 */
export async function listMembers(directory: string, excludes: readonly string[]): Promise<Member[]> {
  const own = parseIgnoreRules(excludes.join('\n'));
  const root = await realpath(directory).catch((cause: unknown) => {
    throw new DirectoryError(`the directory ${directory} cannot be read: ${reasonOf(cause)}`, { cause });
  });
  if (!(await stat(root)).isDirectory()) throw new DirectoryError(`${directory} is not a directory`);
  const members: Member[] = [];
  await enter({ real: root, prefix: '', rules: [], above: [] });
  return members.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));

  async function enter(folder: Folder): Promise<void> {
    const { real, prefix } = folder;
    const names = (await readdir(real, { encoding: 'buffer' })).map((name) => decodeName(name, prefix));
    const rules = [...folder.rules, ...(await ownRules(real, prefix, names))];
    const inside = { rules, above: [...folder.above, real] };
    for (const name of names) await add(join(real, name), `${prefix}${name}`, inside);
  }

  async function add(place: string, path: string, inside: Pick<Folder, 'rules' | 'above'>): Promise<void> {
    const found = await lstat(place);
    const isLink = found.isSymbolicLink();
    const target = isLink ? await stat(place).catch(ifNowhere) : found;
    if (isIgnored(path, target?.isDirectory() === true, inside.rules)) return;
    if (target === null) throw new DirectoryError(`${path} is a link that leads nowhere: exclude it`);
    const source = isLink ? await realpath(place) : place;
    if (isLink && !source.startsWith(root === sep ? sep : root + sep)) {
      if (source === root) throw circle(path);
      throw new DirectoryError(`${path} is a link that leaves the directory (to ${source}): exclude it`);
    }
    if (target.isDirectory()) {
      if (inside.above.includes(source)) throw circle(path);
      const before = members.length;
      await enter({ real: source, prefix: `${path}/`, ...inside });
      if (members.length === before) members.push(toMember(`${path}/`, source, target));
    } else if (target.isFile()) {
      members.push(toMember(path, source, target));
    } else {
      throw new DirectoryError(`${path} is neither a file nor a folder: exclude it`);
    }
  }

  function isIgnored(path: string, isFolder: boolean, rules: Folder['rules']): boolean {
    const explicit = own.decide(path, isFolder) ?? NEVER_WANTED.decide(path, isFolder);
    if (explicit !== null) return explicit === 'ignored';
    for (const above of rules.toReversed()) {
      const decision = above.rules.decide(path.slice(above.prefix.length), isFolder);
      if (decision !== null) return decision === 'ignored';
    }
    return false;
  }
}

function toMember(path: string, source: string, { mode, size }: Stats): Member {
  return { path, source, mode: mode & 0o777, sizeBytes: path.endsWith('/') ? 0 : size };
}

async function ownRules(real: string, prefix: string, names: readonly string[]): Promise<Folder['rules']> {
  const file = join(real, '.gitignore');
  // A link is not read, as git has it: its content may come from anywhere.
  if (!names.includes('.gitignore') || !(await lstat(file)).isFile()) return [];
  return [{ prefix, rules: parseIgnoreRules(await readFile(file)) }];
}

function decodeName(name: Buffer, prefix: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name);
  } catch (cause) {
    const shown = `${prefix}${name.toString()}`;
    throw new DirectoryError(`the name ${shown} is not UTF-8: rename it, or upload another directory`, { cause });
  }
}

function ifNowhere(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ELOOP' || error.code === 'ENOTDIR') return null;
  throw error;
}

function circle(path: string): DirectoryError {
  return new DirectoryError(`${path} is a link to a folder that it lies in: exclude it`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
