const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const SIZE_UNITS_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

const QUANTITY = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i;

/** `10s`, `1.5h`, `30d` in milliseconds; null for what is no duration. A number without a unit is none, but 0. */
export function parseDurationMs(text: string): number | null {
  const quantity = QUANTITY.exec(text.trim());
  if (quantity === null) return null;
  const amount = Number(quantity[1]);
  if (quantity[2] === '') return amount === 0 ? 0 : null;
  const unitMs = DURATION_UNITS_MS[quantity[2] ?? ''];
  return unitMs === undefined ? null : safeInteger(amount * unitMs);
}

/**
 * `20GiB`, `500MB`, `1024` in bytes; null for what is no size. `KB` counts in thousands, `KiB` and the bare letter, as in
 * `2G`, in 1024s. Upper and lower case are the same.
 */
export function parseSizeBytes(text: string): number | null {
  const quantity = QUANTITY.exec(text.trim());
  if (quantity === null) return null;
  const unitBytes = SIZE_UNITS_BYTES[(quantity[2] || 'b').toLowerCase()];
  return unitBytes === undefined ? null : safeInteger(Number(quantity[1]) * unitBytes);
}

function safeInteger(value: number): number | null {
  const rounded = Math.round(value);
  return Number.isSafeInteger(rounded) ? rounded : null;
}
