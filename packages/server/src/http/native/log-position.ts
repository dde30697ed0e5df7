/** Where in the output of a job something stands. */
export interface LogPosition {
  /** Number of the attempt. */
  attempt: number;
  /** In the log of that attempt. */
  offset: number;
}

/** `13`, and `2.13` where the job was tried again. */
export function positionText({ attempt, offset }: LogPosition): string {
  return attempt === 1 ? String(offset) : `${attempt}.${offset}`;
}

/** Null for what {@link positionText} does not write. */
export function parsePosition(text: string): LogPosition | null {
  const match = /^(?:(\d{1,9})\.)?(\d{1,15})$/.exec(text);
  return match === null ? null : { attempt: Number(match[1] ?? 1), offset: Number(match[2]) };
}
