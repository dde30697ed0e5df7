import { droverError } from '../../errors/drover-error.ts';

/** The query of a request's URL; repeated names keep their order, and what is badly encoded stays as it is. */
export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}

/** @throws `INVALID_QUERY` where the parameter is given more than once. */
export function singleParameter(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name);
  if (values.length > 1) throw droverError('INVALID_QUERY', { name, detail: 'must be given only once' });
  return values[0] ?? null;
}

/** @throws `INVALID_QUERY` unless the parameter is absent (null) or a whole number within the bounds, both inclusive. */
export function wholeParameter(query: URLSearchParams, name: string, least: number, most: number): number | null {
  const text = singleParameter(query, name);
  if (text === null) return null;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw droverError('INVALID_QUERY', { name, detail: `must be a whole number from ${least} to ${most}` });
}

/** `?name`, `?name=true` and `?name=1` are true. @throws `INVALID_QUERY` for what is neither true nor false. */
export function booleanParameter(query: URLSearchParams, name: string): boolean {
  const text = singleParameter(query, name);
  if (text === null || text === 'false' || text === '0') return false;
  if (text === '' || text === 'true' || text === '1') return true;
  throw droverError('INVALID_QUERY', { name, detail: 'must be true or false' });
}

/** @throws `INVALID_QUERY` naming the first parameter that is none of `names` and begins with none of `prefixes`. */
export function refuseUnknownParameters(
  query: URLSearchParams,
  names: readonly string[],
  prefixes: readonly string[] = [],
): void {
  for (const name of query.keys()) {
    if (names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix))) continue;
    const known = [...names, ...prefixes.map((prefix) => `${prefix}KEY`)].join(', ');
    throw droverError('INVALID_QUERY', {
      name,
      detail: `is not known here; known are ${known === '' ? 'none' : known}`,
    });
  }
}
