import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { errorCode } from '../../record/error-code.ts';

/**
 * A folder that the driver's container can write to, while a courier reads it that may have more rights: no link is followed that lies in
 * it, nothing but plain files is read, and the folder stays the same one whatever its path leads to later.
 */
export interface PodFolder {
  /** The folder itself, for watching it. */
  readonly path: string;
  /** Text of a file; null where there is none. @throws where it is no plain file, or a very large one */
  readText(name: string): string | null;
  /** Puts a whole file there in place of what has its name. */
  writeText(name: string, text: string): void;
  /** Opens a plain file for reading and writing; null where there is none yet. */
  openFile(name: string): number | null;
  /** Opens a pipe for both directions, which waits for nobody, and keeps what was written until it is read; null where there is none yet. */
  openPipe(name: string): number | null;
  /** A folder in this one, made where there is none, that everybody may write to. */
  openFolder(name: string): PodFolder;
  has(name: string): boolean;
  /** Moves a folder of the same file system here, as a whole. */
  adopt(path: string, name: string): void;
  close(): void;
}

const MOST_TEXT_BYTES = 64 * 1024;
const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** @throws where there is no folder at `path` */
export function openPodFolder(path: string): PodFolder {
  return podFolderOf(openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
}

function podFolderOf(folder: number): PodFolder {
  let isClosed = false;

  function at(name: string): string {
    // Its number may be another folder's by now.
    if (isClosed) throw new Error('the folder is closed');
    return `/proc/self/fd/${folder}/${name}`;
  }

  /** Null where nothing has the name. What it is may change as soon as this has answered; what was opened does not. */
  function open(
    name: string,
    flags: number,
    isRight: (stats: Stats) => boolean,
  ): { file: number; size: number } | null {
    let file: number;
    try {
      file = openSync(at(name), flags | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
    const stats = fstatSync(file);
    if (isRight(stats)) return { file, size: stats.size };
    closeSync(file);
    throw new Error(`'${name}' is not what it should be`);
  }

  return {
    path: `/proc/self/fd/${folder}`,
    readText(name) {
      const opened = open(name, O_RDONLY, (stats) => stats.isFile() && stats.size <= MOST_TEXT_BYTES);
      if (opened === null) return null;
      try {
        const bytes = Buffer.alloc(opened.size);
        return bytes.subarray(0, readSync(opened.file, bytes, 0, bytes.length, 0)).toString();
      } finally {
        closeSync(opened.file);
      }
    },
    writeText(name, text) {
      const unfinished = `.${name}.${randomBytes(6).toString('hex')}`;
      const file = openSync(at(unfinished), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
      try {
        writeFileSync(file, text);
      } finally {
        closeSync(file);
      }
      renameSync(at(unfinished), at(name));
    },
    openFile: (name) => open(name, O_RDWR, (stats) => stats.isFile())?.file ?? null,
    openPipe: (name) => open(name, O_RDWR, (stats) => stats.isFIFO())?.file ?? null,
    openFolder(name) {
      try {
        mkdirSync(at(name));
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
      const inner = openSync(at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      // The driver's container may have another user, and nobody else sees this volume.
      fchmodSync(inner, 0o777);
      return podFolderOf(inner);
    },
    has: (name) => lstatSync(at(name), { throwIfNoEntry: false }) !== undefined,
    adopt: (from, name) => renameSync(from, at(name)),
    close() {
      if (isClosed) return;
      isClosed = true;
      closeSync(folder);
    },
  };
}
