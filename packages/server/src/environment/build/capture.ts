/** Keeps what a program writes, up to a limit. */
export interface OutputCapture {
  add(bytes: Buffer): void;
  /** Null where there was more than the limit. */
  text(): string | null;
}

/** @param limitBytes more than any program in its senses writes: what is beyond is not kept */
export function createOutputCapture(limitBytes: number): OutputCapture {
  const pieces: Buffer[] = [];
  let length = 0;
  return {
    add(bytes) {
      length += bytes.length;
      if (length <= limitBytes) pieces.push(bytes);
    },
    text: () => (length > limitBytes ? null : Buffer.concat(pieces).toString('utf8')),
  };
}
