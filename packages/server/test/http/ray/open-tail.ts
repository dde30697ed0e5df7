/** A client of `…/logs/tail`. */
export interface Tail {
  opened: Promise<unknown>;
  /** The code that the server closed with. */
  closed: Promise<number>;
  frames: string[];
  text(): string;
  /** Resolves when the text ends with this. */
  until(end: string): Promise<void>;
  close(): void;
}

export function openTail(url: string, id: string, path = '/ray/api/jobs'): Tail {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}/${id}/logs/tail`);
  const frames: string[] = [];
  let onNews = () => {};
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string') throw new Error('a binary frame, which clients pass over');
    frames.push(data);
    onNews();
  });
  const text = () => frames.join('');
  return {
    opened: new Promise((resolve) => socket.addEventListener('open', resolve)),
    closed: new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code))),
    frames,
    text,
    until: (end) =>
      new Promise((resolve) => {
        onNews = () => {
          if (text().endsWith(end)) resolve();
        };
        onNews();
      }),
    close: () => socket.close(),
  };
}
