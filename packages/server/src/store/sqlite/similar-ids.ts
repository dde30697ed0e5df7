import type { DatabaseSync } from 'node:sqlite';
import { textAt } from './column-value.ts';
import { rankSimilar } from './rank-similar.ts';

/** Look-ups in the index of ids, a few microseconds each, after which the search makes do with what it has. */
const MAX_LOOK_UPS = 600;

/** Ids read of one beginning. One that has no more is known completely. */
const PER_BEGINNING = 20;

const LONGEST_ID = 256;

/** Sorts behind every other character. */
const LAST_CHARACTER = '\u{10ffff}';

/**
 * Prepares the search for ids like a given one. It reads ranges of the index that begin with ever less of the id; where a
 * range is too large to be read, it looks for the slips that a person can make at that place.
 */
export function prepareSimilarIds(db: DatabaseSync): (jobId: string, limit: number) => string[] {
  const select = db.prepare('SELECT id FROM jobs WHERE id >= ? AND id < ? ORDER BY id LIMIT ?');

  return (jobId, limit) => {
    if (jobId.length > LONGEST_ID) return [];
    const candidates = new Set<string>();
    let lookUpsLeft = MAX_LOOK_UPS;

    function read(from: string, beginning: string, count: number): string[] {
      if (lookUpsLeft === 0) return [];
      lookUpsLeft--;
      const ids = select.all(from, beginning + LAST_CHARACTER, count).map((row) => textAt(row, 0));
      for (const id of ids) candidates.add(id);
      return ids;
    }

    function* charactersBehind(beginning: string): Generator<string> {
      let from = beginning;
      for (;;) {
        const [id] = read(from, beginning, from === beginning ? 2 : 1).filter((found) => found !== beginning);
        const [character] = id?.slice(beginning.length) ?? '';
        if (character === undefined) return;
        yield character;
        from = beginning + character + LAST_CHARACTER;
      }
    }

    const characters = Array.from(jobId);
    const text = (start: number, end?: number) => characters.slice(start, end).join('');
    read(jobId.toLowerCase(), jobId.toLowerCase(), PER_BEGINNING);
    for (let length = characters.length; length >= 0 && lookUpsLeft > 0; length--) {
      const beginning = text(0, length);
      if (read(beginning, beginning, PER_BEGINNING).length < PER_BEGINNING) continue;
      const slips = [text(length + 1), text(length + 1, length + 2) + text(length, length + 1) + text(length + 2)];
      for (const character of charactersBehind(beginning)) {
        slips.push(character + text(length + 1), character + text(length));
      }
      for (const slip of slips) read(beginning + slip, beginning + slip, 2);
    }
    return rankSimilar(jobId, candidates, limit);
  };
}
