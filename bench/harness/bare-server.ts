import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The least that Node can do to send the same answer: no routing, no checks.
process.once('message', (message) => {
  const { body, etag } = message as { body: string; etag: string };
  const length = Buffer.byteLength(body);
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': length, etag });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
});
