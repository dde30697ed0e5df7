import { type IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type DroverError, droverError } from '../../errors/drover-error.ts';
import { answerOnSocket } from '../errors/answer-on-socket.ts';
import { answerFor } from '../errors/error-answer.ts';
import { isTailPath } from '../ray/ray-path.ts';
import { pathOf } from '../security/request-target.ts';

/** How connections become websockets: past the gate, like every request. */
export interface Upgrades {
  /** Where the plugin hears of those that may be served, whichever port they came to. It never listens itself. */
  readonly passed: Server;
  /** For a server's `upgrade` event. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export function createUpgrades(options: {
  gate(request: IncomingMessage): DroverError | null;
  nextRequestId: () => string;
}): Upgrades {
  const passed = new Server();

  return {
    passed,
    onUpgrade(request, socket, head) {
      // Node has taken its own listener off; a client may reset the connection at any time.
      socket.on('error', () => socket.destroy());
      const refusal = options.gate(request) ?? refuseElsewhere(request);
      if (refusal === null) passed.emit('upgrade', request, socket, head);
      else answerOnSocket(socket, answerFor(pathOf(request.url ?? ''), refusal, options.nextRequestId()));
    },
  };
}

/** Node before 24.9 does not ask whether an upgrade is wanted, and tells of all. */
function refuseElsewhere(request: IncomingMessage): DroverError | null {
  if (isUpgradeWanted(request, request.url ?? '')) return null;
  return droverError('MALFORMED_REQUEST', { detail: 'it asks for an upgrade that this path does not have' });
}

/** Whether an `Upgrade` header means anything at this target; elsewhere it is passed over, as RFC 9110 7.8 allows. */
export function isUpgradeWanted({ method, headers }: IncomingMessage, target: string): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && isTailPath(pathOf(target));
}
