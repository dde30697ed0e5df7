import type { DroverClient } from '../client.ts';
import { inBlocks } from './blocks.ts';
import type { PackageRequests, Pieces } from './package-requests.ts';

/** Small, since the garbage collector lets many come together. */
const BLOCK_BYTES = 16 * 1024;

/** Through the client, and so through the `fetch` that it was given. */
export function requestsByFetch(client: Pick<DroverClient, 'findPackage' | 'putPackage'>): PackageRequests {
  return {
    find: (name, signal) => client.findPackage(name, { signal }),

    async send(name, archive, signal) {
      let failure: unknown;
      // `fetch` may use a block for as long as it likes.
      const bytes = streamOf(inBlocks(archive, BLOCK_BYTES, false), (error) => {
        failure = error;
      });
      try {
        await client.putPackage(name, bytes, { signal });
      } catch (error) {
        // What broke off the body is why the request failed, and `fetch` does not say so.
        throw failure ?? error;
      }
    },
  };
}

/** By hand: `ReadableStream.from` would read ahead, and lose why the source failed. */
function streamOf(source: Pieces, onFailure: (error: unknown) => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await source.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          onFailure(error);
          controller.error(error);
        }
      },
      async cancel() {
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
}
