import { DroverApiError } from './errors.ts';

/**
 * Path of one thing of a collection below the API's base.
 * @param refusal what to say of the texts that are no segment of a path, and would reach another route
 * @throws {DroverApiError} for these
 */
export function namedPath(
  collection: string,
  name: string,
  refusal: { code: string; status: number; title: string; detail: string },
): string {
  if (name === '' || name === '.' || name === '..') throw new DroverApiError({ ...refusal, similarIds: [] });
  return `${collection}/${encodeURIComponent(name)}`;
}
