import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { hexAt, integerAt, messagesAt, readMessage, textAt, type WireMessage } from './wire-message.ts';

type Attributes = Record<string, string | number | boolean>;

/** A span as it was received. */
export interface ReceivedSpan {
  traceId: string;
  id: string;
  /** Empty for none. */
  parentId: string;
  name: string;
  kind: number;
  beganAtMs: number;
  endedAtMs: number;
  attributes: Attributes;
  events: { name: string; attributes: Attributes }[];
  links: { traceId: string; spanId: string; attributes: Attributes }[];
  /** Null where it has not failed. */
  failure: string | null;
  traceState: string;
  resource: Attributes;
}

/** Receives traces by OTLP over HTTP, in protobuf. */
export interface Collector {
  url: string;
  /** In the order in which they came, repetitions included. */
  spans: ReceivedSpan[];
  requests: { path: string; headers: IncomingHttpHeaders }[];
  /** Answers with this status from now on; null: not at all. Spans are kept only with a 200. */
  answerWith(status: number | null): void;
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const requests: Collector['requests'] = [];
  let status: number | null = 200;
  const server = createServer((request, response) => {
    buffer(request).then((body) => {
      requests.push({ path: request.url ?? '', headers: request.headers });
      if (status === null) return;
      if (status === 200) spans.push(...spansOf(readMessage(body)));
      response.writeHead(status).end();
    }, request.destroy);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    requests,
    answerWith(next) {
      status = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function spansOf(request: WireMessage): ReceivedSpan[] {
  return messagesAt(request, 1).flatMap((resourceSpans) => {
    const resource = Object.assign({}, ...messagesAt(resourceSpans, 1).map((one) => attributesAt(one, 1)));
    const scopes = messagesAt(resourceSpans, 2);
    return scopes.flatMap((scope) => messagesAt(scope, 2).map((span) => spanOf(span, resource)));
  });
}

const STATUS_ERROR = 2n;

function spanOf(span: WireMessage, resource: Attributes): ReceivedSpan {
  const [status] = messagesAt(span, 15);
  const hasFailed = status !== undefined && integerAt(status, 3) === STATUS_ERROR;
  return {
    traceId: hexAt(span, 1),
    id: hexAt(span, 2),
    traceState: textAt(span, 3),
    parentId: hexAt(span, 4),
    name: textAt(span, 5),
    kind: Number(integerAt(span, 6)),
    beganAtMs: Number(integerAt(span, 7) / 1_000_000n),
    endedAtMs: Number(integerAt(span, 8) / 1_000_000n),
    attributes: attributesAt(span, 9),
    events: messagesAt(span, 11).map((event) => ({ name: textAt(event, 2), attributes: attributesAt(event, 3) })),
    links: messagesAt(span, 13).map((link) => ({
      ...{ traceId: hexAt(link, 1), spanId: hexAt(link, 2), attributes: attributesAt(link, 4) },
    })),
    failure: hasFailed ? textAt(status, 2) : null,
    resource,
  };
}

function attributesAt(message: WireMessage, number: number): Attributes {
  return Object.fromEntries(
    messagesAt(message, number).map((pair) => [textAt(pair, 1), attributeOf(messagesAt(pair, 2)[0] ?? new Map())]),
  );
}

/** Texts, booleans and whole numbers are all that Drover sends. */
function attributeOf(value: WireMessage): string | number | boolean {
  if (value.has(1)) return textAt(value, 1);
  if (value.has(2)) return integerAt(value, 2) === 1n;
  return Number(integerAt(value, 3));
}
