import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { reasonOf } from '../errors/system-error.ts';
import { isPublicAddress } from './public-address.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

export type ResolveName = (name: string) => Promise<ResolvedAddress[]>;

export const resolveName: ResolveName = (name) => lookup(name, { all: true, verbatim: true });

/** Whom the server asks, by the names that URLs give: lower case, without brackets. */
export interface HostPolicy {
  mayAsk(name: string): boolean;
  /** Whether that host may be asked at an address that is not a public one. */
  mayBeInner(name: string, address: string): boolean;
}

export type HostVerdict =
  | { outcome: 'allowed'; addresses: readonly ResolvedAddress[] }
  | { outcome: 'not_named'; name: string }
  | { outcome: 'inner'; name: string; address: string }
  | { outcome: 'unresolved'; name: string; reason: string };

/**
 * Decides whether a host may be asked, and at which addresses. Each address that its name stands for must be a public one, or allowed to be
 * another: a name must not open the way to the server's own surroundings.
 *
 * @param host as a URL has it, IPv6 in brackets
 */
export async function resolveHost(host: string, policy: HostPolicy, resolve: ResolveName): Promise<HostVerdict> {
  const name = hostName(host);
  if (!policy.mayAsk(name)) return { outcome: 'not_named', name };
  const family = isIP(name);
  let addresses: readonly ResolvedAddress[];
  try {
    addresses = family === 0 ? await resolve(name) : [{ address: name, family }];
  } catch (error) {
    return { outcome: 'unresolved', name, reason: reasonOf(error) };
  }
  const inner = addresses.find(({ address }) => !isPublicAddress(address) && !policy.mayBeInner(name, address));
  if (inner !== undefined) return { outcome: 'inner', name, address: inner.address };
  return { outcome: 'allowed', addresses };
}

/** A host as operators name it. */
export function hostName(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}
