import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellCommand } from '../../src/cli/arguments/shell-command.ts';

/** What `sh` makes of a command line: the words that a program is given. */
function wordsOf(line: string): string[] {
  const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`]).toString();
  return printed.split('\0').slice(0, -1);
}

/** Any argument that a process can be given: no NUL, and text that UTF-8 can carry. */
const word = fc.oneof(
  fc.string({ unit: 'grapheme-composite' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
  fc.string({ unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;~#=%^ \t\n-ab') }),
);

describe('shellCommand', () => {
  it('hands several words on unchanged, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 4 }), (words) => {
        expect(wordsOf(shellCommand(words))).toEqual(words);
      }),
      { numRuns: 150 },
    );
  });

  it.each(['if', 'while', '{', '!', 'case', 'A=1', '~', 'then', 'for'])(
    'runs a program that is called %s, and takes the name for no grammar',
    (name) => {
      const line = shellCommand([name, 'x']);
      const script = `${line} 2>&1; echo "exit $?"`;
      expect(execFileSync('/bin/sh', ['-c', script]).toString()).toMatch(/not found\nexit 127\n$/);
    },
  );

  it('takes a single word as a command line', () => {
    expect(shellCommand(['cd /tmp && echo "$HOME"'])).toBe('cd /tmp && echo "$HOME"');
  });

  it('leaves plain words plain', () => {
    expect(shellCommand(['python3', 'train.py', '--lr', '0.1', 's3://a/b@c:1,2+3'])).toBe(
      'python3 train.py --lr 0.1 s3://a/b@c:1,2+3',
    );
  });
});
