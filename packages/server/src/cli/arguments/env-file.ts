import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { UsageError } from '../usage-error.ts';

const NAME = /^\s*(?:export\s+)?([^\s=#'"`]+)\s*(.*)$/;

/**
 * Variables of a file with one `KEY=VALUE` per line; `KEY` alone takes the caller's own value. Empty lines and those
 * that begin with `#` are skipped. What stands in quotes may go over several lines. Values are read as Node.js reads
 * its own `--env-file`, but a line that it would pass over is an error here.
 *
 * @throws {UsageError} naming file and line.
 */
export function readEnvFile(
  path: string,
  callers: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const lines = readLines(path);
  const variables: Record<string, string> = {};
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const refuse = (why: string) => new UsageError(`${path}:${index + 1}: ${why}`);
    const [, name = '', rest = ''] = NAME.exec(line) ?? [];
    if (name !== '' && /^(#.*)?$/.test(rest)) {
      const value = callers[name];
      if (value === undefined) throw refuse(`${name} alone takes your own value of ${name}, which is not set`);
      variables[name] = value;
      continue;
    }
    if (name === '' || !rest.startsWith('=')) throw refuse(`${JSON.stringify(line)} does not look like KEY=VALUE`);
    const value = wholeValue(rest.slice(1), lines.slice(index + 1));
    if (value === null) throw refuse(`the quotes around the value of ${name} do not match`);
    variables[name] = parseEnv(`VALUE=${value.text}`).VALUE ?? '';
    index += value.linesMore;
  }
  return variables;
}

/** The value with its quotes, from the lines that it spans; null where they are not closed, or more follows them. */
function wholeValue(first: string, following: readonly string[]): { text: string; linesMore: number } | null {
  const begin = first.trimStart();
  const quote = begin.charAt(0);
  if (!`'"\``.includes(quote) || quote === '') return { text: begin, linesMore: 0 };
  const text = [begin, ...following].join('\n');
  const end = text.indexOf(quote, 1);
  if (end < 0 || !/^[^\S\n]*(#.*)?(\n|$)/.test(text.slice(end + 1))) return null;
  const quoted = text.slice(0, end + 1);
  return { text: quoted, linesMore: quoted.split('\n').length - 1 };
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .replace(/^\ufeff/, '')
      .split(/\r?\n/);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the file of variables cannot be read: ${reason}`, { cause: error });
  }
}
