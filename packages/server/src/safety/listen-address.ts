import { isIP } from 'node:net';
import type { Config } from '../config/config.ts';

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** Why the server must not listen as it is told to; null where it may. A job service runs any command. */
export function refusalToListen({
  host,
  tokenFile,
  insecure,
}: Pick<Config, 'host' | 'tokenFile' | 'insecure'>): string | null {
  if (isLoopback(host) || tokenFile !== null || insecure) return null;
  return (
    `refusing to listen on ${host} without a token: everybody who reaches it could run commands on this machine. ` +
    'Give --token-file FILE, or --insecure if that is what you want'
  );
}
