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

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already; end it, or choose another port',
  EACCES: 'this account may not listen there; ports below 1024 are reserved for root',
  EADDRNOTAVAIL: 'this machine does not have that address',
};

/** What kept a server from listening, as a sentence for the operator; any other error as it is. */
export function explainListenFailure(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('address' in error) || !('port' in error)) return error;
  const reason = REASONS[String(error.code)];
  if (reason === undefined) return error;
  return new Error(`cannot listen on port ${error.port} of ${error.address}: ${reason}`, { cause: error });
}
