/** Of a sequence of UTF-8 that is no longer than allowed. */
const LONGEST_REST = 3;

/** How many of the first bytes are the rest of a character that began before them; 0 to 3. */
export function characterRestLength(bytes: Uint8Array): number {
  let length = 0;
  while (length < LONGEST_REST && isContinuation(bytes[length])) length += 1;
  return length;
}

/** Length without a character at the end whose rest may still come. What can be no character is whole. */
export function wholeCharactersLength(bytes: Uint8Array): number {
  for (let back = 1; back <= LONGEST_REST && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back];
    if (isContinuation(byte)) continue;
    return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

/** As the first byte of a character says; 1 for one that cannot begin any. */
function sequenceLength(byte = 0): number {
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 1;
}
