import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { reasonOf } from '../../errors/system-error.ts';
import { isPublicAddress } from './public-address.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

export type ResolveName = (name: string) => Promise<ResolvedAddress[]>;

export const resolveName: ResolveName = (name) => lookup(name, { all: true, verbatim: true });

export type HostVerdict = { ok: true; addresses: readonly ResolvedAddress[] } | { ok: false; problem: string };

/**
 * Decides whether a host may be asked, and at which addresses. It has to be in the list by its own name. Each of its addresses must be a
 * public one, or be in the list itself: a name alone must not open the way to the server's own surroundings.
 *
 * @param host as a URL has it, IPv6 in brackets
 * @returns problems that read on after the archive's URI
 */
export async function resolveHost(
  host: string,
  allowedHosts: readonly string[],
  resolve: ResolveName,
): Promise<HostVerdict> {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const allowed = new Set(allowedHosts.map((entry) => entry.toLowerCase()));
  if (!allowed.has(name)) {
    return { ok: false, problem: `lies on ${name}, which is not among the server's allowed_archive_hosts` };
  }
  const family = isIP(name);
  // An address in the list was written there by the operator, who means it.
  if (family !== 0) return { ok: true, addresses: [{ address: name, family }] };
  let addresses: ResolvedAddress[];
  try {
    addresses = await resolve(name);
  } catch (error) {
    return { ok: false, problem: `cannot be fetched: ${reasonOf(error)}` };
  }
  const inner = addresses.find(({ address }) => !isPublicAddress(address) && !allowed.has(address));
  if (inner === undefined) return { ok: true, addresses };
  const problem = `is not fetched: ${name} has the address ${inner.address}, which is not a public one; allowed_archive_hosts would have to name it`;
  return { ok: false, problem };
}
