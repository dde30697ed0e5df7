import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Job } from '../../job/job.ts';
import { sendStream } from '../streaming/send-stream.ts';
import { readLogText } from './log-text.ts';
import { JSON_HEADERS, type RayDoor } from './ray-door.ts';

/** Sends `{"logs": …}` as it is read: a log may be larger than any text that a program can hold. */
export async function sendLogs(
  { service, streams }: RayDoor,
  request: FastifyRequest,
  reply: FastifyReply,
  job: Job,
): Promise<void> {
  if (request.method === 'HEAD') {
    await reply.headers(JSON_HEADERS).send('');
    return;
  }
  await sendStream(reply, streams, {
    status: 200,
    headers: JSON_HEADERS,
    isEndless: false,
    chunks: (signal) => asJson(readLogText(service, job, signal)),
  });
}

async function* asJson(texts: AsyncIterable<string>): AsyncGenerator<string> {
  yield '{"logs":"';
  // Every text is whole characters, so that its parts can be quoted one by one.
  for await (const text of texts) yield JSON.stringify(text).slice(1, -1);
  yield '"}';
}
