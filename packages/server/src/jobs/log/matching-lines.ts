const NEWLINE = 0x0a;

/** Counted from the beginning of the bytes; `end` is exclusive, and that of the newline where there is one. */
export interface MatchingLine {
  start: number;
  end: number;
}

/** The lines that hold the wanted bytes. Nothing is made for lines that do not. @param wanted without a newline, not empty */
export function* matchingLines(bytes: Buffer, wanted: Buffer): Generator<MatchingLine> {
  for (let at = bytes.indexOf(wanted); at !== -1; ) {
    // An index below zero would count from the end.
    const start = at === 0 ? 0 : bytes.lastIndexOf(NEWLINE, at - 1) + 1;
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline === -1 ? bytes.length : newline;
    yield { start, end };
    at = end >= bytes.length ? -1 : bytes.indexOf(wanted, end + 1);
  }
}

/** How many of the bytes are whole lines. */
export function wholeLinesLength(bytes: Buffer): number {
  return bytes.lastIndexOf(NEWLINE) + 1;
}
