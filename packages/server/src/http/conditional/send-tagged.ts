import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from './etag.ts';

/** What is the same for everybody, and changes with the version of the server only. */
export interface TaggedContent {
  body: string | Buffer;
  headers: Readonly<Record<string, string>>;
  etag: string;
}

/** Content with a tag from its bytes. @param headers `content-type` among them */
export function tagged(body: string | Buffer, headers: Readonly<Record<string, string>>): TaggedContent {
  return { body, headers, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

/** Sends it, or 304 where the client has it. Clients have to ask each time: the next version may serve at the same address. */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, content: TaggedContent): FastifyReply {
  const { body, headers, etag } = content;
  reply.headers({ etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.headers({ ...headers }).send(body);
}
