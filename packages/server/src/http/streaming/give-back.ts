/**
 * Frees the memory of a piece at once, which would grow by tens of megabytes until the garbage collector finds it worth a run. To be
 * called when nobody uses the piece any more, and by its only owner: it is empty then.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  // Small pieces may be parts of a buffer that others use too.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
