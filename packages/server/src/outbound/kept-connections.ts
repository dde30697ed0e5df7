import { type Agent, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** Connections that are used again for the next request to the same host, if that comes soon. */
export interface KeptConnections {
  agentFor(url: URL): Agent;
  close(): void;
}

/** A server that keeps them for less usually says so, and is followed in that. Node takes this for the time to connect as well. */
const IDLE_MS = 15_000;
const MAX_IDLE_OF_HOST = 16;

export function keepConnections(): KeptConnections {
  const options = { keepAlive: true, timeout: IDLE_MS, maxFreeSockets: MAX_IDLE_OF_HOST };
  const [http, https] = [new HttpAgent(options), new HttpsAgent(options)];
  return {
    agentFor: ({ protocol }) => (protocol === 'https:' ? https : http),
    close() {
      http.destroy();
      https.destroy();
    },
  };
}
