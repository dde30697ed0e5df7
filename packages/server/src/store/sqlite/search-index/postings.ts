import { BUCKETS } from './grams.ts';

/*
 * The format of what is stored. A job is named by its offset from the first seq of its block. A list of offsets goes down
 * from the highest, each as its distance from the one before in one byte or two. A shelf is a run of entries, one
 * per bucket that the block has: the bucket's place on the shelf (1 byte), the length of its list (2 bytes), the list.
 */

/** Seqs that a block spans at most. Part of the format. */
export const SEARCH_BLOCK_SEQS = 4096;

/** Shelves of a block: rows of some hundred bytes, of which a search reads one per gram. Part of the format. */
export const SHELVES = 512;

export const BUCKETS_PER_SHELF = BUCKETS / SHELVES;

/** Stands for a bucket that so many jobs of the block have that a list of them would not help. */
const EVERYWHERE = 0xffff;

const ENTRY_HEAD_BYTES = 3;

/** Room for any shelf: two bytes per job and bucket. */
export const LONGEST_SHELF_BYTES = BUCKETS_PER_SHELF * (ENTRY_HEAD_BYTES + 2 * SEARCH_BLOCK_SEQS);

export function shelfOf(bucket: number): number {
  return Math.floor(bucket / BUCKETS_PER_SHELF);
}

function placeOf(bucket: number): number {
  return bucket % BUCKETS_PER_SHELF;
}

/** Writes offsets, highest first, at `start`; answers where they end. */
export function writeOffsets(target: Uint8Array, start: number, offsets: ArrayLike<number>): number {
  let at = start;
  let above = SEARCH_BLOCK_SEQS;
  for (let index = 0; index < offsets.length; index++) {
    const offset = offsets[index] ?? 0;
    const distance = above - offset;
    if (distance < 0x80) {
      target[at++] = distance;
    } else {
      target[at++] = 0x80 | (distance & 0x7f);
      target[at++] = distance >> 7;
    }
    above = offset;
  }
  return at;
}

/** What {@link writeOffsets} wrote from `start` to `end`. */
export function readOffsets(source: Uint8Array, start = 0, end = source.length): number[] {
  const offsets: number[] = [];
  let above = SEARCH_BLOCK_SEQS;
  for (let at = start; at < end; ) {
    let distance = source[at++] ?? 0;
    if (distance >= 0x80) distance = (distance & 0x7f) | ((source[at++] ?? 0) << 7);
    above -= distance;
    offsets.push(above);
  }
  return offsets;
}

/**
 * Writes a bucket's entry at `start`; answers where it ends. Buckets have to come in ascending order.
 *
 * @param offsets null where they are {@link EVERYWHERE}
 */
export function writeEntry(
  target: Uint8Array,
  start: number,
  bucket: number,
  offsets: ArrayLike<number> | null,
): number {
  const listStart = start + ENTRY_HEAD_BYTES;
  const end = offsets === null ? listStart : writeOffsets(target, listStart, offsets);
  const length = offsets === null ? EVERYWHERE : end - listStart;
  target[start] = placeOf(bucket);
  target[start + 1] = length & 0xff;
  target[start + 2] = length >> 8;
  return end;
}

/** The offsets of the jobs that may have the bucket, highest first; null for any of the block. */
export function findEntry(shelf: Uint8Array, bucket: number): number[] | null {
  const place = placeOf(bucket);
  for (let at = 0; at < shelf.length; ) {
    const found = shelf[at] ?? 0;
    const length = (shelf[at + 1] ?? 0) | ((shelf[at + 2] ?? 0) << 8);
    at += ENTRY_HEAD_BYTES;
    if (found === place) return length === EVERYWHERE ? null : readOffsets(shelf, at, at + length);
    if (found > place) break;
    if (length !== EVERYWHERE) at += length;
  }
  return [];
}
