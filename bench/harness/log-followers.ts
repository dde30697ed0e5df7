import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { answerOrder } from './ask-child.ts';

/** So many followers of one job's log, over a connection each. */
export interface FollowOrder {
  url: string;
  jobId: string;
  followers: number;
}

export interface Followed {
  /** Of every follower. */
  bytes: number[];
  /** Distinct checksums of what they got, in hexadecimal. */
  sha256: string[];
  /** From the first byte that one of them got to the last byte of the last. */
  seconds: number;
}

answerOrder<FollowOrder, Followed>(async ({ url, jobId, followers }, sayReady) => {
  let firstAt: number | null = null;
  let answered = 0;
  const address = `${url}/api/v1/jobs/${jobId}/logs?follow=true`;
  const follow = () =>
    new Promise<{ bytes: number; sha256: string }>((resolve, reject) => {
      const hash = createHash('sha256');
      let bytes = 0;
      const request = get(address, { agent: false }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`followed with ${response.statusCode}`));
        answered += 1;
        if (answered === followers) sayReady();
        response.on('data', (chunk: Buffer) => {
          firstAt ??= performance.now();
          bytes += chunk.length;
          hash.update(chunk);
        });
        response.once('end', () => resolve({ bytes, sha256: hash.digest('hex') }));
        response.once('error', reject);
      });
      request.once('error', reject);
    });
  const followed = await Promise.all(Array.from({ length: followers }, follow));
  return {
    bytes: followed.map(({ bytes }) => bytes),
    sha256: [...new Set(followed.map(({ sha256 }) => sha256))],
    seconds: (performance.now() - (firstAt ?? performance.now())) / 1_000,
  };
});
