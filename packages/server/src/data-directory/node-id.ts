import { randomInt } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../errors/system-error.ts';
import { DataDirectoryError } from './data-directory-error.ts';

const SUFFIX_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SUFFIX_LENGTH = 6;

/** As long as a label of a host name may be (RFC 1035, 2.3.4). */
const LONGEST_NAME = 63;

/**
 * The node's id for life: `<hostname>-<6 characters>`, made at the first start and kept in the file `node-id`. Call with
 * the directory locked.
 *
 * @throws {DataDirectoryError} where the file holds something else
 */
export async function readOrMakeNodeId(directory: string, hostname: string): Promise<string> {
  const path = join(directory, 'node-id');
  const text = await readIfThere(path);
  if (text === null) {
    const id = `${sanitizeHostname(hostname)}-${randomSuffix()}`;
    await writeDurably(directory, path, `${id}\n`);
    return id;
  }
  const id = text.trim();
  if (/^[a-z0-9-]+-[a-z0-9]{6}$/.test(id)) return id;
  throw new DataDirectoryError(
    `${path} does not hold a node id: put the id back that jobs were run under, or remove the file to get a new one`,
  );
}

/** Lower-case letters, digits and single dashes inside; `node` where nothing is left. */
export function sanitizeHostname(hostname: string): string {
  const name = hostname
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-|-$/g, '');
  return name === '' ? 'node' : name;
}

function randomSuffix(): string {
  return Array.from({ length: SUFFIX_LENGTH }, () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)]).join('');
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** After a crash the file is whole or missing. */
async function writeDurably(directory: string, path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await writeAndSync(draft, text);
  await rename(draft, path);
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeAndSync(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
