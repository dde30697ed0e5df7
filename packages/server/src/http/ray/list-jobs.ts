import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobPage } from '../../store/store.ts';
import { sendStream } from '../streaming/send-stream.ts';
import { JSON_HEADERS, type RayDoor } from './ray-door.ts';

/** Jobs that are read and held at once. */
const PAGE = 200;

/** Every job, newest first. Ray knows no pages and no filter, so the list is sent as the client takes it. */
export async function listJobs(door: RayDoor, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  // Before any header is sent, so that a failure is still an error.
  const first = await door.service.list({ filter: {}, limit: PAGE });
  if (request.method === 'HEAD') {
    await reply.headers(JSON_HEADERS).send('');
    return;
  }
  await sendStream(reply, door.streams, {
    status: 200,
    headers: JSON_HEADERS,
    isEndless: false,
    chunks: (signal) => renderAll(door, first, signal),
  });
}

async function* renderAll(door: RayDoor, first: JobPage, signal: AbortSignal): AsyncGenerator<string> {
  yield '[';
  let isFirst = true;
  for (let page: JobPage | null = first; page !== null && !signal.aborted; page = await nextPage(door, page)) {
    for (const job of page.jobs) {
      yield isFirst ? await door.present(job) : `,${await door.present(job)}`;
      isFirst = false;
    }
  }
  yield ']';
}

async function nextPage({ service }: RayDoor, { next }: JobPage): Promise<JobPage | null> {
  if (next === null) return null;
  return service.list({ filter: {}, limit: PAGE, after: next });
}
