/** Headers of an event stream (WHATWG HTML 9.2). */
export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
};

/** A comment: keeps the connection from looking idle, and is not an event. */
export const HEARTBEAT = ':\n\n';

/** How long a browser waits until it connects again. */
export const RETRY = 'retry: 2000\n\n';

export interface ServerSentEvent {
  /** What `Last-Event-ID` resumes behind. Absent: the one before stays in force. */
  id?: number | string;
  event: string;
  data: object;
}

export function serverSentEvent({ id, event, data }: ServerSentEvent): string {
  // JSON has no line break of its own, so one data line does.
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
