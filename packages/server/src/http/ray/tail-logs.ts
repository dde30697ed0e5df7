import type { Server } from 'node:http';
import websocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';

import { followLogText } from './log-text.ts';
import type { RayDoor } from './ray-door.ts';
import { textFrames } from './text-frames.ts';

type TailRequest = FastifyRequest<{ Params: { id: string } }>;

/** Clients have nothing to say here. */
const MAX_MESSAGE_BYTES = 4 * 1024;

const KEEP_ALIVE_MS = 60_000;

const CLOSE_DONE = 1000;
const CLOSE_GOING_AWAY = 1001;
const CLOSE_FAILED = 1011;

/**
 * `GET …/logs/tail`: the log as text frames on a websocket, from its beginning until the job has ended. Its end is on disk before the close
 * with 1000, since clients ask for the status right after it.
 */
export async function addTailRoute(app: FastifyInstance, door: RayDoor, upgrades: Server): Promise<void> {
  await app.register(websocket, {
    // The plugin listens to upgrades that have passed the gate, on whichever port they came.
    options: { server: upgrades, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false },
    // The streams of the door end with the server, and say so.
    preClose: (done) => done(),
  });

  app.route<{ Params: { id: string } }>({
    method: ['GET', 'HEAD'],
    url: '/api/jobs/:id/logs/tail',
    preHandler: async ({ params: { id } }: TailRequest) => {
      if ((await door.service.get(id)) === null) throw droverError('JOB_NOT_FOUND', { id });
    },
    handler: async (_request, reply) => {
      reply.code(426).headers({ upgrade: 'websocket', 'content-type': 'text/plain; charset=utf-8' });
      return '426: this path speaks websocket only';
    },
    wsHandler: (socket, request) => tail(door, socket, request),
  });
}

async function tail(door: RayDoor, socket: WebSocket, request: TailRequest): Promise<void> {
  const { id } = request.params;
  // A client whose machine has gone says nothing, and a quiet job sends it nothing either: TCP finds out.
  request.raw.socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const signal = door.streams.open(request.raw.socket, { endsWithServer: true });
  try {
    for await (const text of followLogText(door.service, id, signal)) {
      for (const frame of textFrames(text)) {
        if (signal.aborted) break;
        await send(socket, frame);
      }
    }
    socket.close(signal.aborted ? CLOSE_GOING_AWAY : CLOSE_DONE);
  } catch (error) {
    // A client that has gone needs no more.
    if (socket.readyState !== socket.OPEN) return;
    request.log.error({ err: error, request_id: request.id }, 'following a log failed');
    socket.close(CLOSE_FAILED);
  }
}

/** Resolves when the frame has left, so that nothing is read ahead of the client. */
function send(socket: WebSocket, frame: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(frame, { binary: false }, (error) => (error ? reject(error) : resolve()));
  });
}
