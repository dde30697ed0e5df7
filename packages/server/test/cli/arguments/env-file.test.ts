import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvFile } from '../../../src/cli/arguments/env-file.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { useDirectory } from '../../server/use-directory.ts';

const folder = useDirectory();
const path = () => join(folder.path, 'variables');

function read(content: string, callers: Record<string, string> = {}): Record<string, string> {
  writeFileSync(path(), content);
  return readEnvFile(path(), callers);
}

describe('readEnvFile', () => {
  it.each([
    ['A=1\nB=two words\n', { A: '1', B: 'two words' }],
    ['\ufeffA=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['# note\n\n   # another\n \nA=1 # why\n', { A: '1' }],
    ['EMPTY=\nURL=http://x/?a=b\nexport C = 3\n', { EMPTY: '', URL: 'http://x/?a=b', C: '3' }],
    [`A="it's"\nB='say "x"' # yes\nC="a\\nb"\n`, { A: "it's", B: 'say "x"', C: 'a\nb' }],
    ['KEY="first\nnot=a variable\nlast"\nB=2\n', { KEY: 'first\nnot=a variable\nlast', B: '2' }],
    ['A=1\nA=2', { A: '2' }],
    ['', {}],
  ])('%j', (content, expected) => expect(read(content)).toEqual(expected));

  it("takes the caller's own value for a name alone", () => {
    expect(read('MINE\nexport OTHER # too\n', { MINE: 'of mine', OTHER: '' })).toEqual({ MINE: 'of mine', OTHER: '' });
  });

  it.each([
    ['A=1\nnot valid line\n', '2: "not valid line" does not look like KEY=VALUE'],
    ['=1', '1: "=1" does not look like KEY=VALUE'],
    ['"A"=1', 'does not look like KEY=VALUE'],
    ['\n\nUNSET\n', '3: UNSET alone takes your own value of UNSET, which is not set'],
    [`A='tis\nB=2\n`, '1: the quotes around the value of A do not match'],
    [`A='tis\nB='x'\n`, '1: the quotes around the value of A do not match'],
    ['A="1\n2"\nB="x" and "y"\n', '3: the quotes around the value of B do not match'],
  ])('refuses %j, naming file and line', (content, message) => {
    expect(() => read(content)).toThrow(UsageError);
    expect(() => read(content)).toThrow(message);
    expect(() => read(content)).toThrow(`${path()}:`);
  });
});
