import { Parser, type ReadEntry } from 'tar';
import { parseMemberPath } from './member-path.ts';
import { refuseMember } from './refusal.ts';

/** What a tar archive holds, piece by piece. */
export type TarStep =
  | { kind: 'member'; name: string; segments: readonly string[]; isDirectory: boolean; mode: number; bytes: number }
  /** Content of the member before. */
  | { kind: 'content'; bytes: Buffer };

/** Turns the bytes of an unpacked tar stream into steps. */
export interface TarSteps {
  /** The steps that are complete with these bytes; null for the end. @throws {EnvironmentFailure}; what the parser finds damaged */
  add(bytes: Buffer | null): TarStep[];
}

const FILE_TYPES: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile']);
const OTHER_TYPES: ReadonlyMap<string, string> = new Map([
  ['Link', 'a hard link'],
  ['SymbolicLink', 'a symbolic link'],
  ['FIFO', 'a named pipe'],
  ['CharacterDevice', 'a character device'],
  ['BlockDevice', 'a block device'],
]);

export function createTarSteps(uri: string): TarSteps {
  let steps: TarStep[] = [];
  let failure: { reason: unknown } | null = null;
  // The ratio keeps the parser from unpacking what is packed once more, which nobody would count.
  const parser = new Parser({ strict: true, zstd: false, maxDecompressionRatio: 0 });
  const fail = (reason: unknown) => {
    failure ??= { reason };
  };

  function take(entry: ReadEntry): void {
    try {
      steps.push(memberOf(entry, uri));
    } catch (error) {
      fail(error);
    }
    // Everything happens inside `parser.write`, as long as each entry flows.
    entry.on('data', (bytes: Buffer) => steps.push({ kind: 'content', bytes }));
  }

  parser.on('entry', take);
  parser.on('ignoredEntry', (entry: ReadEntry) => fail(refuseMember(uri, entry.path, explainType(entry.type))));
  parser.on('error', fail);

  return {
    add(bytes) {
      if (bytes === null) parser.end();
      else parser.write(bytes);
      if (failure !== null) throw failure.reason;
      const complete = steps;
      steps = [];
      return complete;
    },
  };
}

function memberOf({ path: name, type, mode = 0, size }: ReadEntry, uri: string): TarStep {
  const isDirectory = type === 'Directory';
  if (!isDirectory && !FILE_TYPES.has(type)) throw refuseMember(uri, name, explainType(type));
  // A folder's name need not end with a slash here, where the type says what it is.
  const path = parseMemberPath(isDirectory && !name.endsWith('/') ? `${name}/` : name);
  if (!path.ok) throw refuseMember(uri, name, path.problem);
  if (path.isDirectory !== isDirectory) throw refuseMember(uri, name, 'is marked as a file, but its name ends with /');
  return { kind: 'member', name, segments: path.segments, isDirectory, mode, bytes: size };
}

function explainType(type: string): string {
  return `is ${OTHER_TYPES.get(type) ?? 'of an unknown type'}; only files and folders are allowed`;
}
