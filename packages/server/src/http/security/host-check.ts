import { isIPv4, isIPv6 } from 'node:net';
import { hostname } from 'node:os';

const BRACKETED = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i;
const NAMED = /^([^:[\]\s]+)(?::\d{1,5})?$/;

/** Clients of one server use few spellings; a stranger who tries many only makes the cache start again. */
const REMEMBERED_HOSTS = 64;

/**
 * Whether a Host header may be served: an IP address, `localhost`, or one of `names`, each with any port. A page that rebinds its own
 * name to this machine's address cannot get past, since its browser sends that name.
 */
export function createHostCheck(names: readonly string[]): (host: string) => boolean {
  const allowed = new Set(['localhost', ...names.map((name) => name.toLowerCase())]);
  const verdicts = new Map<string, boolean>();

  return (host) => {
    const known = verdicts.get(host);
    if (known !== undefined) return known;
    const verdict = isAllowed(host, allowed);
    if (verdicts.size >= REMEMBERED_HOSTS) verdicts.clear();
    verdicts.set(host, verdict);
    return verdict;
  };
}

function isAllowed(host: string, names: ReadonlySet<string>): boolean {
  const address = BRACKETED.exec(host)?.[1];
  if (address !== undefined) return isIPv6(address);
  const name = NAMED.exec(host)?.[1];
  return name !== undefined && (isIPv4(name) || names.has(name.toLowerCase()));
}

/** The names that this machine goes by: `node7.cluster.example` and `node7`. */
export function ownHostNames(): string[] {
  const name = hostname();
  return [...new Set([name, name.split('.')[0] ?? name])].filter((text) => text !== '');
}
