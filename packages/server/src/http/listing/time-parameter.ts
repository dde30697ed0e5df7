import { z } from 'zod';

const EPOCH = /^\d{1,15}$/;
const MOST = 999_999_999_999_999;
/** Milliseconds passed this in 1973, seconds will in 5138. */
const LEAST_MS = 100_000_000_000;
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** What {@link parseTime} takes. */
export const timeParameter = z.union([z.string().meta({ format: 'date-time' }), z.int().min(0).max(MOST)]);

/** A point in time as RFC 3339, or as seconds or milliseconds since 1970; null for anything else. */
export function parseTime(text: string): number | null {
  if (EPOCH.test(text)) return Number(text) < LEAST_MS ? Number(text) * 1_000 : Number(text);
  // A plus that was not encoded arrives as a space.
  const time = text.replace(/ (\d{2}:\d{2})$/, '+$1');
  if (!RFC3339.test(time) || !isRealDay(time)) return null;
  const atMs = Date.parse(time.toUpperCase());
  return Number.isNaN(atMs) ? null : atMs;
}

/** `Date.parse` takes 30 February for 2 March. */
function isRealDay(time: string): boolean {
  const day = time.slice(0, 10);
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(day);
}
