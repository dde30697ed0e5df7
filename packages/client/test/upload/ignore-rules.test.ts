import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { parseIgnoreRules } from '../../src/upload/ignore-rules.ts';

let repository: string;
let hasGit = true;

beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'drover-ignore-'));
  try {
    execFileSync('git', ['init', '-q', repository], { stdio: 'pipe' });
  } catch {
    hasGit = false;
  }
});

afterAll(() => rmSync(repository, { recursive: true }));

/** Which of the paths git says that these rules leave out; a path ending in `/` is a folder. */
function ignoredByGit(ctx: TestContext, rules: string, paths: readonly string[]): string[] {
  if (!hasGit) ctx.skip('git is missing: there is nobody to compare with');
  for (const path of paths.filter((given) => given.endsWith('/'))) {
    mkdirSync(join(repository, path), { recursive: true });
  }
  writeFileSync(join(repository, '.gitignore'), Buffer.from(rules));
  const env = { PATH: process.env.PATH, HOME: repository, GIT_CONFIG_NOSYSTEM: '1' };
  const options = {
    cwd: repository,
    env,
    input: paths.map((path) => `${path.replace(/\/$/, '')}\0`).join(''),
    stdio: 'pipe' as const,
  };
  try {
    const answer = execFileSync('git', ['check-ignore', '--no-index', '--stdin', '-z'], options);
    const ignored = new Set(answer.toString().split('\0'));
    return paths.filter((path) => ignored.has(path.replace(/\/$/, '')));
  } catch (error) {
    // 1: none of them.
    if (error instanceof Error && 'status' in error && error.status === 1) return [];
    throw error;
  }
}

function ignoredByUs(content: string, paths: readonly string[]): string[] {
  const rules = parseIgnoreRules(content);
  return paths.filter((given) => {
    const names = given.replace(/\/$/, '').split('/');
    return names.some((_, index) => {
      const isLast = index === names.length - 1;
      return rules.decide(names.slice(0, index + 1).join('/'), !isLast || given.endsWith('/')) === 'ignored';
    });
  });
}

const PATHS = [
  'a',
  'b.o',
  'ab',
  'a/b',
  'A',
  'd/',
  'd/a',
  'd/e/',
  'd/e/a',
  'd/e/f/ab',
  'd/e/f/',
  'é',
  'd/é.o',
  'a b',
  'a ',
];

describe('rules of .gitignore', () => {
  it.each([
    ['*.o', ['b.o', 'd/é.o']],
    ['/a', ['a', 'a/b']],
    ['d/a', ['d/a']],
    ['e/', ['d/e/', 'd/e/a', 'd/e/f/ab', 'd/e/f/']],
    ['a/', ['a/b']],
    ['**/f', ['d/e/f/ab', 'd/e/f/']],
    ['d/**', ['d/a', 'd/e/', 'd/e/a', 'd/e/f/ab', 'd/e/f/', 'd/é.o']],
    ['d/**/ab', ['d/e/f/ab']],
    ['d/*/a', ['d/e/a']],
    ['*\n!*/\n!a', ['b.o', 'ab', 'a/b', 'A', 'd/e/f/ab', 'é', 'd/é.o', 'a b', 'a ']],
    ['\ufeffab\r\n#A\nb.o  \n\\a\\ \n!d', ['b.o', 'ab', 'd/e/f/ab', 'a ']],
    ['[[:upper:]]\n[!a-zA-Z]?', ['A', 'é']],
    ['[a\n\\', []],
  ])('%j leaves out what git leaves out', (rules, expected) => {
    const inPathOrder = expected.filter((path) => PATHS.includes(path));
    expect(ignoredByUs(rules, PATHS).sort()).toEqual(inPathOrder.sort());
  });

  it('leave out what git leaves out, whatever they are', (ctx) => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b',
        'd',
        'e',
        'f',
        '.o',
        'é',
        ' ',
        '*',
        '**',
        '**/',
        '/**',
        '/',
        '?',
        '!',
        '#',
        '\\',
        '[',
        ']',
        '-',
        '^',
      ],
      ...[
        '[ab]',
        '[!a]',
        '[^d/]',
        '[a-f]',
        '[[:alpha:]]',
        '[[:punct:]]',
        '[[:x:]]',
        '[]a]',
        '[\\]]',
        '[[:a]',
        '\r',
        '\t',
      ],
    );
    const line = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    const lines = fc.array(line, { minLength: 1, maxLength: 4 }).map((rules) => rules.join('\n'));
    fc.assert(
      fc.property(lines, (rules) => {
        expect(ignoredByUs(rules, PATHS)).toEqual(ignoredByGit(ctx, rules, PATHS));
      }),
      { numRuns: 120 },
    );
  });
});
