import type { Transport } from './transport.ts';

/** The body in pieces, as they come. By hand: browsers' streams cannot be iterated everywhere. */
export async function* chunksOf(
  transport: Transport,
  response: Response,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw transport.asUnreachable(error, signal);
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Frees the connection where the consumer leaves early; after the end or a failure it has nothing to do.
    await reader.cancel().catch(() => undefined);
  }
}
