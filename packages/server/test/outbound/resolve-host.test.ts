import { describe, expect, it } from 'vitest';
import { archiveHosts } from '../../src/environment/remote/archive-hosts.ts';
import { isPublicAddress } from '../../src/outbound/public-address.ts';
import { type HostPolicy, resolveHost } from '../../src/outbound/resolve-host.ts';

const ANYONE: HostPolicy = { mayAsk: () => true, mayBeInner: () => false };

const resolvingTo = (...addresses: string[]) => {
  return async () => addresses.map((address) => ({ address, family: 4 }));
};

describe('resolveHost', () => {
  it('refuses a name if any of its addresses is not public', async () => {
    const resolve = resolvingTo('93.184.216.34', '::1');
    expect(await resolveHost('Mixed.test', archiveHosts(['mixed.TEST']), resolve)).toEqual({
      ...{ outcome: 'inner', name: 'mixed.test', address: '::1' },
    });
    expect(await resolveHost('mixed.test', archiveHosts(['mixed.test', '[::1]']), resolve)).toMatchObject({
      outcome: 'allowed',
    });
  });

  it('looks at an address that stands in for a name as at any other', async () => {
    const never = () => Promise.reject(new Error('not asked'));
    expect(await resolveHost('[::1]', ANYONE, never)).toEqual({ outcome: 'inner', name: '::1', address: '::1' });
    expect(await resolveHost('127.0.0.1', ANYONE, never)).toMatchObject({ outcome: 'inner' });
    expect(await resolveHost('8.8.8.8', ANYONE, never)).toEqual({
      ...{ outcome: 'allowed', addresses: [{ address: '8.8.8.8', family: 4 }] },
    });
  });

  it('says why a name stands for nothing, and asks for no name that nobody may ask', async () => {
    const never = () => Promise.reject(new Error('no such name'));
    expect(await resolveHost('a.test', ANYONE, never)).toEqual({
      ...{ outcome: 'unresolved', name: 'a.test', reason: 'no such name' },
    });
    expect(await resolveHost('a.test', archiveHosts([]), never)).toEqual({ outcome: 'not_named', name: 'a.test' });
  });
});

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:4700::1', '2a00:1450::1'])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  const inner = ['0.0.0.0', '10.0.0.1', '100.64.0.1', '127.8.8.8', '169.254.169.254', '172.16.0.1', '192.168.1.1'];
  const odd = ['198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:8.8.8.8', '64:ff9b::a00:1', 'x', ''];
  const odd6 = ['fe80::1', 'fc00::1', 'ff02::1', '2001::1', '2001:db8::1', '2002:7f00:1::', 'fe80::1%eth0'];
  it.each([...inner, ...odd, ...odd6])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
