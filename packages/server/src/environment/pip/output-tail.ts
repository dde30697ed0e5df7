import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

const LINE_LIMIT = 20;
const LINE_LENGTH_LIMIT = 500;
const KEPT_CHARACTERS = 64 * 1024;

/** Keeps the end of a program's output, for messages: at most 20 lines, long ones cut. */
export interface OutputTail {
  add(bytes: Buffer): void;
  /** Without colours, blank lines and trailing blanks; joined by line breaks. */
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
      return lines.slice(-LINE_LIMIT).map(shorten).join('\n');
    },
  };
}

function shorten(line: string): string {
  return line.length > LINE_LENGTH_LIMIT ? `${line.slice(0, LINE_LENGTH_LIMIT)}…` : line;
}
