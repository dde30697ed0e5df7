import { type HostPolicy, type HostVerdict, hostName } from '../../outbound/resolve-host.ts';

/**
 * Archives come from hosts that the operator named, each by the name that the URL has. A host that is not on the public internet needs its
 * address in the list as well: a name alone must not open the way there.
 */
export function archiveHosts(allowedHosts: readonly string[]): HostPolicy {
  const named = new Set(allowedHosts.map(hostName));
  return { mayAsk: (name) => named.has(name), mayBeInner: (_name, address) => named.has(address) };
}

/** Reads on after the archive's URI. */
export function problemWith(verdict: Exclude<HostVerdict, { outcome: 'allowed' }>): string {
  switch (verdict.outcome) {
    case 'not_named':
      return `lies on ${verdict.name}, which is not among the server's allowed_archive_hosts`;
    case 'inner':
      return `is not fetched: ${verdict.name} has the address ${verdict.address}, which is not a public one; allowed_archive_hosts would have to name it`;
    case 'unresolved':
      return `cannot be fetched: ${verdict.reason}`;
  }
}
