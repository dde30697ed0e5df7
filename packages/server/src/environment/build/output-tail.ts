import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

const LINE_LIMIT = 20;
const LINE_LENGTH_LIMIT = 500;
const KEPT_CHARACTERS = 64 * 1024;

/** Keeps the end of a program's output, for messages: at most 20 lines, long ones cut. */
export interface OutputTail {
  add(bytes: Buffer): void;
  /** Without colours, blank lines, trailing blanks and all but the last of pip's retries; joined by line breaks. */
  text(): string;
}

export function createOutputTail(): OutputTail {
  const decoder = new StringDecoder('utf8');
  let kept = '';
  return {
    add(bytes) {
      kept = (kept + decoder.write(bytes)).slice(-KEPT_CHARACTERS);
    },
    text() {
      const lines = stripVTControlCharacters(kept)
        .split(/[\r\n]+/)
        .map((line) => line.trimEnd())
        .filter((line) => line !== '');
      return lines.filter(isLastRetry).slice(-LINE_LIMIT).map(shorten).join('\n');
    },
  };
}

/**
 * pip tells of each retry in a long line, and would fill the message with them. The last one of a page stays, since it alone
 * says what is wrong with the connection: after it there is only "No matching distribution found".
 */
function isLastRetry(line: string, index: number, lines: readonly string[]): boolean {
  const page = retriedPage(line);
  return page === null || page !== retriedPage(lines[index + 1] ?? '');
}

/** `/simple/six/` of `WARNING: Retrying (Retry(total=4, …)) after connection broken by '…': /simple/six/`. */
function retriedPage(line: string): string | null {
  return /^\s*WARNING: Retrying \(Retry\(.*: (\S+)$/.exec(line)?.[1] ?? null;
}

function shorten(line: string): string {
  return line.length > LINE_LENGTH_LIMIT ? `${line.slice(0, LINE_LENGTH_LIMIT)}…` : line;
}
