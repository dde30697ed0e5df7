const OPEN = 0x7b; // {
const CLOSE = 0x7d; // }
const OPEN_LIST = 0x5b; // [
const CLOSE_LIST = 0x5d; // ]
const COLON = 0x3a; // :
const QUOTE = 0x22; // "
const BACKSLASH = 0x5c;

/** Cuts an answer into the objects of one of its lists, as it comes in. */
export interface ListSplitter {
  /** Takes the next bytes and answers the objects that are whole by now, each as its text. */
  take(chunk: Buffer): Buffer[];
  /** What is left of the answer without the list's objects, when all of it was taken. */
  rest(): string;
}

/**
 * Answers of tens of megabytes come every few seconds where a cluster has many jobs, most of them not ours: parsed whole, each would
 * stop the event loop for a third of a second.
 *
 * @param key of the answer's object that has the list
 */
export function createListSplitter(key: string): ListSplitter {
  const opening = Buffer.from(`"${key}"`);
  let pending: Buffer = Buffer.alloc(0);
  let outside = '';
  let inList = false;
  let ended = false;
  let start = -1;
  let position = 0;
  let depth = 0;
  let inText = false;
  let isEscaped = false;

  /** Where the list begins; -1 while that is not to be seen. The key's name may stand elsewhere as a value. */
  function beginning(): number {
    for (let at = pending.indexOf(opening); at >= 0; at = pending.indexOf(opening, at + opening.length)) {
      const colon = skipSpace(pending, at + opening.length);
      if (pending[colon] !== COLON) continue;
      const begins = skipSpace(pending, colon + 1);
      if (pending[begins] === OPEN_LIST) return begins;
    }
    return -1;
  }

  function findList(): void {
    const begins = beginning();
    if (begins < 0) return;
    inList = true;
    outside += pending.toString('utf8', 0, begins + 1);
    pending = pending.subarray(begins + 1);
    position = 0;
  }

  function scan(): Buffer[] {
    const found: Buffer[] = [];
    for (; position < pending.length; position += 1) {
      const byte = pending[position];
      if (inText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) {
        inText = true;
      } else if (byte === OPEN) {
        if (depth === 0) start = position;
        depth += 1;
      } else if (byte === CLOSE) {
        depth -= 1;
        if (depth === 0) {
          found.push(pending.subarray(start, position + 1));
          start = -1;
        }
      } else if (byte === CLOSE_LIST && depth === 0) {
        ended = true;
        break;
      }
    }
    // What was cut out still uses the old memory; only what is not whole yet is kept.
    const from = start >= 0 ? start : position;
    pending = Buffer.from(pending.subarray(from));
    position -= from;
    if (start >= 0) start = 0;
    return found;
  }

  return {
    take(chunk) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      if (!inList) findList();
      return inList && !ended ? scan() : [];
    },
    rest: () => outside + pending.toString('utf8'),
  };
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (SPACES.has(bytes[at] ?? 0)) at += 1;
  return at;
}

/** JSON knows these: tab, line feed, carriage return, space. */
const SPACES = new Set([0x09, 0x0a, 0x0d, 0x20]);
