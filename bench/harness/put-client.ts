import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { answerOrder } from './ask-child.ts';

export interface PutOrder {
  /** Of the package. */
  url: string;
  file: string;
}

/** Sends a file as it is, and answers the seconds that it took. */
answerOrder<PutOrder, number>(async ({ url, file }) => {
  const headers = { 'content-length': (await stat(file)).size };
  const begin = performance.now();
  const outgoing = request(url, { method: 'PUT', headers });
  const answered = new Promise<void>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`a PUT was answered with ${response.statusCode}`));
      response.resume().once('end', resolve);
    });
  });
  await pipeline(createReadStream(file), outgoing);
  await answered;
  return (performance.now() - begin) / 1_000;
});
