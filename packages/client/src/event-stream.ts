/** One event of a `text/event-stream` (WHATWG HTML 9.2), as far as Drover uses the format. */
export interface StreamedEvent {
  /** Empty for the default. */
  type: string;
  data: string;
}

/** Reads events as their bytes come. What has no blank line behind it was broken off, and is no event. */
export function createEventReader(): (bytes: Uint8Array) => StreamedEvent[] {
  const decoder = new TextDecoder();
  let pending = '';
  return (bytes) => {
    pending += decoder.decode(bytes, { stream: true });
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    return blocks.flatMap((block) => parseBlock(block) ?? []);
  };
}

/** Null for a block without data: a heartbeat, or advice on when to connect again. */
function parseBlock(block: string): StreamedEvent | null {
  const valuesOf = (field: string) =>
    block.split('\n').flatMap((line) => (line.startsWith(`${field}:`) ? line.slice(field.length + 1).trimStart() : []));
  const data = valuesOf('data');
  return data.length === 0 ? null : { type: valuesOf('event').at(-1) ?? '', data: data.join('\n') };
}
