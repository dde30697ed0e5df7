/** What the request line of HTTP asks for. */
export interface RequestTarget {
  /** Begins with a slash. */
  pathAndQuery: string;
  /** The host and port that an absolute-form target names beside the Host header; null for the usual form. */
  authority: string | null;
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?#@]+)(\/[^#]*|\?[^#]*)?$/i;

/**
 * Reads the target of a request line in origin form (`/path?query`) or absolute form (`http://host/path`, which RFC 9112
 * 3.2.2 obliges servers to take). Null for anything else, such as `*`.
 */
export function readRequestTarget(target: string): RequestTarget | null {
  if (target.startsWith('/')) return { pathAndQuery: target, authority: null };
  const match = ABSOLUTE_FORM.exec(target);
  const authority = match?.[1];
  if (authority === undefined) return null;
  const rest = match?.[2] ?? '/';
  return { pathAndQuery: rest.startsWith('/') ? rest : `/${rest}`, authority };
}

/** The path of a target in origin form, without its query. */
export function pathOf(pathAndQuery: string): string {
  const queryStart = pathAndQuery.indexOf('?');
  return queryStart === -1 ? pathAndQuery : pathAndQuery.slice(0, queryStart);
}
