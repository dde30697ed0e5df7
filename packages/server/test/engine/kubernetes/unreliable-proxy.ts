import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface UnreliableProxy {
  url: string;
  /** How many requests were answered, and the answer kept back. */
  lost(): number;
  close(): void;
}

/**
 * Passes requests on, and keeps back the answers that `isLost` picks: whoever asked finds the connection closed, while what was asked for
 * has been done.
 */
export async function startUnreliableProxy(
  target: string,
  ca: string | null,
  isLost: (method: string, path: string) => boolean,
): Promise<UnreliableProxy> {
  let lost = 0;
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const onAnswer = (answer: IncomingMessage) => {
      if (isLost(method, url)) {
        lost += 1;
        answer.resume();
        answer.on('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    };
    const options = { method, headers, agent: false as const };
    const request = target.startsWith('https:')
      ? httpsRequest(`${target}${url}`, { ...options, ...(ca === null ? {} : { ca }) }, onAnswer)
      : httpRequest(`${target}${url}`, options, onAnswer);
    request.on('error', () => outgoing.destroy());
    outgoing.on('close', () => request.destroy());
    incoming.pipe(request);
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lost: () => lost,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
