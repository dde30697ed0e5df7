import { networkInterfaces } from 'node:os';

/** IPv4 address that other machines most likely reach this one by; 127.0.0.1 where there is no other. */
export function findNodeAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { family, internal, address } of addresses ?? []) {
      if (family === 'IPv4' && !internal && !address.startsWith('169.254.')) return address;
    }
  }
  return '127.0.0.1';
}
