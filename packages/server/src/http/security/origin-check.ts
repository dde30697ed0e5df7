/** What a browser says about where a request comes from; programs send none of it. */
export interface RequestSource {
  method: string;
  /** The Host header, already found to be ours. */
  host: string;
  origin: string | undefined;
  fetchSite: string | readonly string[] | undefined;
  fetchMode: string | readonly string[] | undefined;
  fetchDest: string | readonly string[] | undefined;
  /** Whether the path is a page for people, which other sites may link to. */
  isPage: boolean;
}

/**
 * Who asks, where that is a page of another site; null where the request may be served. Every method counts: a GET of ours
 * reads logs. Only a link to one of our pages may be followed from elsewhere: a top-level navigation, which shows the
 * answer to the user and never to the site that it came from.
 */
export function findForeignSource(source: RequestSource): string | null {
  const { origin, fetchSite } = source;
  if (origin !== undefined && !isOwnOrigin(origin, source.host)) return `the origin ${JSON.stringify(origin)}`;
  if (fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none') return null;
  const isLink =
    source.isPage && source.method === 'GET' && source.fetchMode === 'navigate' && source.fetchDest === 'document';
  return isLink ? null : 'pages of another site';
}

/** Behind a proxy that speaks TLS the browser sees https, so both schemes are ours. */
function isOwnOrigin(origin: string, host: string): boolean {
  const authority = host.toLowerCase();
  return origin === `http://${authority}` || origin === `https://${authority}`;
}
