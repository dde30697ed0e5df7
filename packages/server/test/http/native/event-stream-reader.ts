import { onTestFinished } from 'vitest';

export interface ReadEvent {
  id: string | null;
  event: string;
  data: Record<string, unknown>;
}

export interface EventReader {
  status: number;
  headers: Headers;
  /** The next event or comment (`:`); null at the end of the stream. */
  next(): Promise<ReadEvent | ':' | null>;
  /** So many events, without comments. */
  take(count: number): Promise<ReadEvent[]>;
  /** All there are to the end. */
  rest(): Promise<ReadEvent[]>;
  leave(): void;
}

/** Reads a stream of events as its text stands on the wire. */
export async function openEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: controller.signal,
  });
  const blocks = blocksOf(response.body ?? new ReadableStream());
  const reader: EventReader = {
    status: response.status,
    headers: response.headers,
    async next() {
      const { value, done } = await blocks.next();
      return done === true ? null : parseBlock(value);
    },
    async take(count) {
      const events: ReadEvent[] = [];
      while (events.length < count) {
        const event = await reader.next();
        if (event === null) throw new Error(`the stream ended after ${events.length} of ${count} events`);
        if (event !== ':') events.push(event);
      }
      return events;
    },
    async rest() {
      const events: ReadEvent[] = [];
      for (;;) {
        const event = await reader.next();
        if (event === null) return events;
        if (event !== ':') events.push(event);
      }
    },
    leave: () => controller.abort(),
  };
  return reader;
}

async function* blocksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) {
    const blocks = (text + decoder.decode(bytes, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) if (!block.startsWith('retry:')) yield block;
  }
  if (text !== '') throw new Error(`the stream ended within an event: ${text}`);
}

function parseBlock(block: string): ReadEvent | ':' {
  if (block === ':') return ':';
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const event = fields.get('event');
  const data = fields.get('data');
  if (event === undefined || data === undefined) throw new Error(`not an event: ${block}`);
  return { id: fields.get('id') ?? null, event, data: JSON.parse(data) };
}
