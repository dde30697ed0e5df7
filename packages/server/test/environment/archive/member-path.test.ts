import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMemberPath } from '../../../src/environment/archive/member-path.ts';
import { createArchiveTree } from '../../../src/environment/archive/tree.ts';

/** Names made of what attackers use, far more often than chance would. */
const hostileName = fc
  .array(fc.constantFrom('..', '.', '', '/', '\\', 'a', 'b', 'C:', '\0', '~', '%2e%2e', ' ', '\u2025', '\n', 'ü'), {
    maxLength: 12,
  })
  .chain((parts) => fc.constantFrom('', '/').map((separator) => parts.join(separator)));
const anyName = fc.oneof(hostileName, fc.string({ unit: 'binary' }));

describe('parseMemberPath', () => {
  it('accepts nothing that leaves the root, on any system', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const path = parseMemberPath(name);
        if (!path.ok) return;
        const joined = posix.join('/root', ...path.segments);
        expect(joined === '/root' || joined.startsWith('/root/')).toBe(true);
        expect(posix.resolve('/root', path.segments.join('/'))).toBe(joined);
        const onWindows = win32.resolve('Z:\\root', path.segments.join('/'));
        expect(onWindows === 'Z:\\root' || onWindows.startsWith('Z:\\root\\')).toBe(true);
        for (const segment of path.segments) expect(segment).not.toMatch(/^\.{0,2}$|[/\\\0]/);
      }),
      { numRuns: 5_000 },
    );
  });

  it('accepts every plain relative path as it is', () => {
    const plainSegment = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9 ._-]{0,20}$/);
    fc.assert(
      fc.property(fc.array(plainSegment, { minLength: 1, maxLength: 10 }), fc.boolean(), (segments, isDirectory) => {
        const name = segments.join('/') + (isDirectory ? '/' : '');
        expect(parseMemberPath(name)).toEqual({ ok: true, segments, isDirectory });
      }),
    );
  });
});

describe('createArchiveTree', () => {
  it('never lets a path be a file and a folder, or a file twice, in any order', () => {
    const member = fc.record({
      segments: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }),
      isDirectory: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(member, { maxLength: 12 }), (members) => {
        const tree = createArchiveTree();
        const files = new Set<string>();
        const directories = new Set<string>();
        for (const { segments, isDirectory } of members) {
          const addition = tree.add(segments, isDirectory);
          if (!addition.ok) continue;
          for (const directory of addition.newDirectories) {
            expect(directories.has(directory)).toBe(false);
            directories.add(directory);
          }
          const path = segments.join('/');
          if (isDirectory) expect(directories.has(path)).toBe(true);
          else {
            expect(files.has(path)).toBe(false);
            files.add(path);
          }
          // Every folder above is there before what lies in it.
          const parents = segments.slice(0, -1).map((_, index) => segments.slice(0, index + 1).join('/'));
          for (const parent of parents) expect(directories.has(parent)).toBe(true);
        }
        expect([...files].filter((path) => directories.has(path))).toEqual([]);
        expect(tree.size()).toBe(files.size + directories.size);
        expect(tree.pathBytes()).toBe([...files, ...directories].join('').length);
      }),
    );
  });
});
