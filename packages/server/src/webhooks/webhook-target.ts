import {
  type HostPolicy,
  hostName,
  type ResolvedAddress,
  type ResolveName,
  resolveHost,
} from '../outbound/resolve-host.ts';

/** Where webhooks may be sent. */
export interface TargetRules {
  /** Names and addresses that the operator named: their addresses need not be public, and http is enough for them. */
  allowedHosts: readonly string[];
  resolve: ResolveName;
}

/** `unresolved` may be another thing in a minute; `refused` will not. */
export type Target =
  | { outcome: 'allowed'; addresses: readonly ResolvedAddress[] }
  | { outcome: 'refused' | 'unresolved'; problem: string };

/** Decides whether a webhook may be sent to an address, and looks up where that is. */
export async function findTarget(url: URL, { allowedHosts, resolve }: TargetRules): Promise<Target> {
  const named = new Set(allowedHosts.map(hostName));
  const policy: HostPolicy = {
    mayAsk: () => true,
    // Whoever names a host here speaks of one of their own: there is no other reason to.
    mayBeInner: (name, address) => named.has(name) || named.has(address),
  };
  const host = hostName(url.hostname);
  if (url.protocol !== 'https:' && !named.has(host)) {
    const problem = `${host} must be asked by https, unless allowed_webhook_hosts names it`;
    return { outcome: 'refused', problem };
  }
  const verdict = await resolveHost(url.hostname, policy, resolve);
  switch (verdict.outcome) {
    case 'allowed':
      return verdict;
    case 'unresolved':
      return { outcome: 'unresolved', problem: verdict.reason };
    default:
      return {
        outcome: 'refused',
        problem: `${host} is not on the public internet, and allowed_webhook_hosts does not name it`,
      };
  }
}
