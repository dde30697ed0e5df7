/** Seconds as the API takes them, in whole milliseconds. */
export function inMs(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** The way back; null where there is no time. */
export function inSeconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1000;
}

/** What a request makes of a time: what it has not named stays, and null takes it away. */
export function changedMs(beforeMs: number | null, seconds: number | null | undefined): number | null {
  if (seconds === undefined) return beforeMs;
  return seconds === null ? null : inMs(seconds);
}
