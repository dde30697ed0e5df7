/** A gram is so many bytes in a row; the index knows of each text which grams it holds. */
const GRAM_BYTES = 3;

/** Grams are hashed into so many buckets: two that share one cost a look at a text that does not match. Part of the format. */
export const BUCKETS = 1 << 16;

/** Of a longer needle so many grams, evenly spread. */
const MAX_NEEDLE_GRAMS = 32;

const GOLDEN_RATIO = 0x9e3779b1;

/**
 * Writes the bucket of each gram, in the order of the text, repeated ones repeatedly; answers how many there are.
 *
 * @param target with room for as many as the text has bytes
 */
export function writeBuckets(text: Uint8Array, target: Uint16Array): number {
  let gram = 0;
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    gram = ((gram << 8) | (text[index] ?? 0)) & 0xffffff;
    if (index >= GRAM_BYTES - 1) target[count++] = Math.imul(gram, GOLDEN_RATIO) >>> 16;
  }
  return count;
}

/** Buckets that every text with this needle in it has; none for a needle that is too short to have a gram. */
export function bucketsOfNeedle(needle: string): number[] {
  const bytes = Buffer.from(needle);
  const buckets = new Uint16Array(bytes.length);
  const count = writeBuckets(bytes, buckets);
  const distinct = [...new Set(buckets.subarray(0, count))];
  const step = Math.max(1, distinct.length / MAX_NEEDLE_GRAMS);
  const wanted = Math.min(distinct.length, MAX_NEEDLE_GRAMS);
  return Array.from({ length: wanted }, (_, index) => distinct[Math.floor(index * step)] ?? 0);
}
