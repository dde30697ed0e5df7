/** The limit that Go's websocket client of KubeRay has for a message. */
const MAX_FRAME_BYTES = 32 * 1024;

/** Cuts text into frames of at most 32 KiB of UTF-8, none of which ends inside a character. */
export function* textFrames(text: string): Generator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + MAX_FRAME_BYTES, bytes.length);
    while (end < bytes.length && isInsideCharacter(bytes[end])) end -= 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

function isInsideCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
