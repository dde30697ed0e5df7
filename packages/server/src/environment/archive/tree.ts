/** The names that an archive has used so far. Nothing that it holds is ever written twice. */
export interface ArchiveTree {
  /**
   * Takes the next member. `newDirectories` are the folders that have to be made for it and were not named before,
   * outermost first, itself included where it is one.
   */
  add(segments: readonly string[], isDirectory: boolean): TreeAddition;
  /** Files and folders so far, those that are only implied by a file's path included. */
  size(): number;
  /** Length of all their paths together: what this takes of the server's memory. */
  pathBytes(): number;
}

export type TreeAddition = { ok: true; newDirectories: readonly string[] } | { ok: false; problem: string };

type NodeKind = 'file' | 'named directory' | 'implied directory';

export function createArchiveTree(): ArchiveTree {
  const kinds = new Map<string, NodeKind>();
  let pathBytes = 0;

  function set(path: string, kind: NodeKind): void {
    if (!kinds.has(path)) pathBytes += Buffer.byteLength(path);
    kinds.set(path, kind);
  }

  return {
    add(segments, isDirectory) {
      const path = segments.join('/');
      const before = kinds.get(path);
      if (before === 'file' || before === 'named directory') return refuse('occurs twice in the archive');
      if (before === 'implied directory' && !isDirectory)
        return refuse('is a file here and a folder elsewhere in the archive');

      const newDirectories: string[] = [];
      for (const parent of parentsOf(segments)) {
        const kind = kinds.get(parent);
        if (kind === 'file') return refuse('lies below a name that is a file in the archive');
        if (kind === undefined) newDirectories.push(parent);
      }
      for (const directory of newDirectories) set(directory, 'implied directory');
      if (isDirectory && before === undefined) newDirectories.push(path);
      set(path, isDirectory ? 'named directory' : 'file');
      return { ok: true, newDirectories };
    },

    size: () => kinds.size,
    pathBytes: () => pathBytes,
  };
}

function parentsOf(segments: readonly string[]): string[] {
  const parents: string[] = [];
  for (let length = 1; length < segments.length; length += 1) parents.push(segments.slice(0, length).join('/'));
  return parents;
}

function refuse(problem: string): TreeAddition {
  return { ok: false, problem };
}
