import { InvalidArgumentError } from 'commander';
import { parseDurationMs, parseSizeBytes } from '../../config/units.ts';

/*
 * Parsers of options' values for commander, which names the option in front of the message. Those with `previous`
 * collect an option that may be given several times.
 */

export function collectText(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** `K=V`; the last one of a key wins. */
export function collectPair(value: string, previous: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must look like KEY=VALUE.');
  return { ...previous, [value.slice(0, at)]: value.slice(at + 1) };
}

/** `NPU=1`. */
export function collectAmount(value: string, previous: Readonly<Record<string, number>> = {}): Record<string, number> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must look like NAME=AMOUNT.');
  return { ...previous, [value.slice(0, at)]: parseAmount(value.slice(at + 1)) };
}

export function parseAmount(value: string): number {
  if (!/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError('It must be a number of 0 or more.');
  return Number(value);
}

export function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number of 0 or more.');
  return Number(value);
}

export function parseLimit(value: string): number {
  const limit = parseCount(value);
  if (limit === 0) throw new InvalidArgumentError('It must be at least 1.');
  return limit;
}

/** From below 0 to above it. */
export function parseInteger(value: string): number {
  if (!/^-?\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}

/** A number, or the word that takes away what was set. */
export type Removable<Value = number> = Value | 'none';

/** The word `none` stays as it is (commander does not keep null); everything else is for the given parser. */
export function orNone<Value>(parse: (value: string) => Value): (value: string) => Removable<Value> {
  return (value) => (value === 'none' ? value : parse(value));
}

/** As the API has it. */
export function orNull<Value>(value: Removable<Value>): Value | null {
  return value === 'none' ? null : value;
}

export function parseSize(value: string): number {
  const bytes = parseSizeBytes(value);
  if (bytes === null) throw new InvalidArgumentError("It must be a size such as '2GiB' or '500MB'.");
  return bytes;
}

/** In milliseconds. */
export function parseTime(value: string): number {
  const ms = parseDurationMs(value);
  if (ms === null) throw new InvalidArgumentError("It must be a time with a unit, such as '10s' or '5m'.");
  return ms;
}

/** NaN for what is none. */
function dateMs(value: string): number {
  return /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
}

/** `2026-12-01` or `2026-12-01T03:00:00Z`, as the API has it. */
export function parseMoment(value: string): string {
  const atMs = dateMs(value);
  if (Number.isNaN(atMs)) throw new InvalidArgumentError("It must be a date such as '2026-12-01T03:00:00Z'.");
  return new Date(atMs).toISOString();
}

/** `2h` (so long ago), `2026-11-23` or `2026-11-23T10:00:00Z`. */
export function parseTimePoint(value: string): Date {
  const agoMs = parseDurationMs(value);
  if (agoMs !== null) return new Date(Date.now() - agoMs);
  const atMs = dateMs(value);
  if (Number.isNaN(atMs)) {
    throw new InvalidArgumentError("It must be how long ago, such as '2h', or a date such as '2026-11-23T10:00:00Z'.");
  }
  return new Date(atMs);
}
