import { chmod, constants, type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isSystemError, reasonOf } from '../../errors/system-error.ts';
import { EnvironmentFailure } from '../environment.ts';
import type { ArchiveReader } from './archive-reader.ts';
import type { ArchiveBudget } from './budget.ts';
import { bytesOnDisk } from './disk-space.ts';
import { safePermissions } from './member-header.ts';
import { closeFile, readFrom } from './open-file.ts';
import { refuseArchive, refuseMember } from './refusal.ts';
import { createTarSteps, type TarStep } from './tar-steps.ts';
import { createArchiveTree } from './tree.ts';

const CHUNK_BYTES = 64 * 1024;

type CheckedStep =
  | { kind: 'content'; bytes: Buffer }
  | (Extract<TarStep, { kind: 'member' }> & { newDirectories: readonly string[] });

/** Reads a tar archive in gzip. @param fd closed with the reader */
export function createTarReader(fd: number, uri: string): ArchiveReader {
  return {
    async measure(budget, signal) {
      let diskBytes = 0;
      let entries = 0;
      await readSteps(fd, uri, budget, signal, async (step) => {
        if (step.kind === 'content') return;
        diskBytes += step.newDirectories.length * bytesOnDisk(0);
        entries += step.newDirectories.length;
        if (step.isDirectory) return;
        diskBytes += bytesOnDisk(step.bytes);
        entries += 1;
      });
      return { diskBytes, entries };
    },

    async writeTo(root, { budget, space }, signal) {
      let file: FileHandle | undefined;
      try {
        await readSteps(fd, uri, budget, signal, async (step) => {
          if (step.kind === 'content') {
            await file?.appendFile(step.bytes);
            const problem = await space.spend(step.bytes.length);
            if (problem !== null) throw refuseArchive(uri, problem);
            return;
          }
          await file?.close();
          file = undefined;
          for (const directory of step.newDirectories) await mkdir(join(root, directory));
          const target = join(root, ...step.segments);
          if (step.isDirectory) await chmod(target, safePermissions(step.mode, true));
          else file = await makeFile(target, step.mode);
        });
      } finally {
        await file?.close();
      }
    },

    close: () => closeFile(fd),
  };
}

async function makeFile(path: string, mode: number): Promise<FileHandle> {
  // O_EXCL and O_NOFOLLOW: whatever lies there already, on any file system, is neither overwritten nor followed.
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    // Not given to open, where the server's umask would take from it.
    await file.chmod(safePermissions(mode, false));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Unpacks the stream once, from its beginning; what counts against the budget is all that comes out of it, headers included. */
async function readSteps(
  fd: number,
  uri: string,
  budget: ArchiveBudget,
  signal: AbortSignal,
  take: (step: CheckedStep) => Promise<void>,
): Promise<void> {
  const steps = createTarSteps(uri);
  const check = createStepCheck(uri, budget);
  const takeAll = async (found: TarStep[]) => {
    for (const step of found) {
      signal.throwIfAborted();
      const checked = check(step);
      if (checked !== null) await take(checked);
    }
  };
  const consume = async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) {
      const bomb = budget.spendBytes(piece.length);
      if (bomb !== null) throw refuseArchive(uri, bomb);
      await takeAll(steps.add(piece));
    }
    await takeAll(steps.add(null));
  };
  let consuming: Promise<void> = Promise.resolve();
  const begin = (pieces: AsyncIterable<Buffer>) => {
    consuming = consume(pieces);
    return consuming;
  };
  try {
    await pipeline(readFrom(fd), createGunzip({ chunkSize: CHUNK_BYTES }), begin, { signal });
  } catch (error) {
    // The pipeline does not wait for a step that is under way, whose files are about to be removed.
    await consuming.catch(() => undefined);
    if (signal.aborted || isSystemError(error) || error instanceof EnvironmentFailure) throw error;
    throw refuseArchive(uri, `is a damaged tar archive: ${reasonOf(error)}`, error);
  }
}

/** Answers null for what is there already: an entry for the root. */
function createStepCheck(uri: string, budget: ArchiveBudget): (step: TarStep) => CheckedStep | null {
  const tree = createArchiveTree();
  return (step) => {
    if (step.kind === 'content') return step;
    if (step.segments.length === 0) return null;
    const addition = tree.add(step.segments, step.isDirectory);
    if (!addition.ok) throw refuseMember(uri, step.name, addition.problem);
    const bomb = budget.checkEntries(tree.size()) ?? budget.checkPaths(tree.pathBytes());
    if (bomb !== null) throw refuseArchive(uri, bomb);
    return { ...step, newDirectories: addition.newDirectories };
  };
}
