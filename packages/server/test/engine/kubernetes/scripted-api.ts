import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClusterClient, createClusterClient } from '../../../src/engine/kubernetes/client/cluster-client.ts';

/** What a cluster's API is asked, and what it shall answer. */
export interface ScriptedApi {
  client: ClusterClient;
  /** Paths with their query, in order. */
  asked: string[];
  close(): void;
}

/** A server that plays the API: `answer` gets each request. */
export async function startScriptedApi(answer: (target: URL, response: ServerResponse) => void): Promise<ScriptedApi> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(new URL(request.url ?? '', 'http://api'), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = createClusterClient({
    ...{ server: `http://127.0.0.1:${port}`, ca: null, tlsServerName: null, isServerVerified: true },
    ...{ readCertificate: null, readToken: () => 'token', namespace: null },
  });
  return {
    client,
    asked,
    close() {
      client.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

export function sendObject(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
