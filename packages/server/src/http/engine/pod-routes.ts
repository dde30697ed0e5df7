import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { PodCommand, PodDoor } from '../../engine/kubernetes/door/pod-door.ts';
import { REFUSALS } from '../../engine/record/grammar.ts';
import { droverError } from '../../errors/drover-error.ts';
import { readBody } from '../native/read-body.ts';
import { addRoutes, type RouteRequest } from '../routing/add-routes.ts';
import { leaveBodiesUnread, uploadedBytes } from '../streaming/upload-body.ts';

const PREFIX = '/engine/v1/';
const ATTEMPT = `${PREFIX}attempts/:id`;

/** What pods ask: they show who they are by the token of their attempt, and never by a user's. */
export function isPodPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** A pod asks again after so long, which keeps proxies between from giving up. */
const COMMAND_WAIT_MS = 20_000;
/** Of one piece of output. */
const MOST_OUTPUT_BYTES = 1024 * 1024;

const moment = z.number().min(0);
const claimBody = z.strictObject({ node: z.string() });
const startedBody = z.strictObject({ pid: z.int().min(1), start_ticks: z.int().min(0), ago_ms: moment });
const endedBody = z.strictObject({
  exit_code: z.int().min(0).max(255).nullable(),
  refusal: z.enum(REFUSALS).nullable(),
  out_of_memory: z.boolean(),
  output_bytes: z.int().min(0),
  ago_ms: moment,
});

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** `/engine/v1/attempts/{id}/…`: the door for pods of Kubernetes engines. `docs/engines/kubernetes.md` describes what is said there. */
export function addPodRoutes(app: FastifyInstance, doors: readonly PodDoor[]): void {
  /** The door whose attempt it is, for whoever has the attempt's token. */
  function enter({ params, headers }: RouteRequest): { door: PodDoor; attemptId: string; pod: string } {
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const door = doors.find((one) => one.isKnown(params.id, token));
    // The same answer for an attempt that there never was.
    if (door === undefined) throw droverError('UNAUTHENTICATED', { detail: 'this is not the token of the attempt' });
    const pod = headers['drover-pod'];
    if (typeof pod !== 'string') throw droverError('INVALID_HEADER', { name: 'Drover-Pod', detail: 'must be given' });
    return { door, attemptId: params.id, pod };
  }

  addRoutes(app, `${ATTEMPT}/claim`, {
    POST: async (request, reply) => {
      const { door, attemptId, pod } = enter(request);
      const work = door.claim(attemptId, pod, readBody(claimBody, request.body).node);
      return send(reply, {
        driver: work.driver,
        order: work.order,
        has_working_directory: work.hasWorkingDirectory,
        grace_ms: work.graceMs,
      });
    },
  });
  addRoutes(app, `${ATTEMPT}/working-directory`, {
    GET: async (request, reply) => {
      const { door, attemptId, pod } = enter(request);
      return reply
        .headers({ ...HEADERS, 'content-type': 'application/x-tar' })
        .send(door.workingDirectory(attemptId, pod));
    },
  });
  addRoutes(app, `${ATTEMPT}/command`, {
    GET: async (request, reply) => {
      const { door, attemptId, pod } = enter(request);
      const after = queryOf(request).get('after') ?? '';
      const command = await door.nextCommand(attemptId, pod, after === '' ? null : after, endOfWait(reply));
      return command === null ? reply.code(204).send() : send(reply, presentCommand(command));
    },
  });
  addRoutes(app, `${ATTEMPT}/started`, {
    POST: async (request, reply) => {
      const { door, attemptId, pod } = enter(request);
      const { pid, start_ticks: startTicks, ago_ms: agoMs } = readBody(startedBody, request.body);
      door.started(attemptId, pod, { pid, startTicks, agoMs });
      return reply.code(204).send();
    },
  });
  addRoutes(app, `${ATTEMPT}/ended`, {
    POST: async (request, reply) => {
      const { door, attemptId, pod } = enter(request);
      const end = readBody(endedBody, request.body);
      door.ended(attemptId, pod, {
        exitCode: end.exit_code,
        refusal: end.refusal,
        outOfMemory: end.out_of_memory,
        outputBytes: end.output_bytes,
        agoMs: end.ago_ms,
      });
      return reply.code(204).send();
    },
  });
  app.register(async (scope) => {
    leaveBodiesUnread(scope);
    addRoutes(scope, `${ATTEMPT}/output`, {
      POST: async (request, reply) => {
        const { door, attemptId, pod } = enter(request);
        const pieces: Buffer[] = [];
        for await (const piece of uploadedBytes(request.raw, MOST_OUTPUT_BYTES)) pieces.push(Buffer.from(piece));
        const size = door.appendOutput(attemptId, pod, offsetOf(request), Buffer.concat(pieces));
        return reply.code(204).header('drover-output-size', String(size)).send();
      },
    });
  });
}

function send(reply: FastifyReply, value: object): FastifyReply {
  return reply.headers({ ...HEADERS, 'content-type': 'application/json; charset=utf-8' }).send(JSON.stringify(value));
}

function presentCommand(command: PodCommand): object {
  if (command.kind === 'finish') return command;
  const { graceMs, ...rest } = command;
  return { ...rest, grace_ms: graceMs };
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?')[1] ?? '');
}

function offsetOf(request: FastifyRequest): number {
  const text = queryOf(request).get('offset') ?? '';
  if (!/^\d{1,15}$/.test(text))
    throw droverError('INVALID_QUERY', { name: 'offset', detail: 'must be a whole number of bytes' });
  return Number(text);
}

/** Aborted when the pod has waited long enough, or is gone. */
function endOfWait(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, AbortSignal.timeout(COMMAND_WAIT_MS)]);
}
