import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../src/errors/catalogue.ts';
import { sendRaw, startServer } from '../harness.ts';

const PATH = '/api/v1/openapi.json';

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  security?: object[];
  responses: Record<string, { content?: Record<string, { schema: { properties?: { code: { enum: string[] } } } }> }>;
}

interface Document {
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
}

async function fetchDocument(): Promise<Document> {
  const { url } = await startServer();
  return (await fetch(`${url}${PATH}`)).json();
}

function operationsOf({ paths }: Document): Operation[] {
  return Object.values(paths).flatMap((methods) => Object.values(methods));
}

test('the document is valid OpenAPI 3.1', async () => {
  const { url } = await startServer();
  const validator = new Validator();
  const result = await validator.validate(await (await fetch(`${url}${PATH}`)).json());
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('whatever the document refers to is in it', async () => {
  const document = await fetchDocument();
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference = '']) => reference,
  );
  expect(references.length).toBeGreaterThan(20);
  for (const reference of new Set(references)) {
    const [root, ...path] = reference.split('/');
    expect(root).toBe('#');
    const found = path.reduce<unknown>((place, key) => Object(place)[key], document);
    expect(found, reference).toBeTypeOf('object');
  }
});

test('every operation has an id of its own, a summary and a known tag', async () => {
  const document = await fetchDocument();
  const operations = operationsOf(document);
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const tags = document.tags.map(({ name }) => name);
  for (const { tags: own, summary } of operations) {
    expect(summary).not.toBe('');
    expect(tags).toEqual(expect.arrayContaining(own));
  }
});

test('errors are described with the codes that have the status', async () => {
  for (const { operationId, responses } of operationsOf(await fetchDocument())) {
    for (const [status, { content }] of Object.entries(responses)) {
      const codes = content?.['application/problem+json']?.schema.properties?.code.enum ?? [];
      const known = Object.entries(CATALOGUE).filter(([, entry]) => String(entry.status) === status);
      expect(
        known.map(([code]) => code),
        `${operationId} ${status}`,
      ).toEqual(expect.arrayContaining(codes));
    }
  }
});

test('the document needs no token, and says that everything else does', async () => {
  const { url } = await startServer({ readToken: () => 'correct-horse-battery-staple' });
  const response = await fetch(`${url}${PATH}`);
  expect(response.status).toBe(200);
  const open = operationsOf(await response.json()).filter(({ security }) => security?.length === 0);
  expect(open.map(({ operationId }) => operationId)).toEqual(['getOpenApi']);
});

test('the document is served while the server starts', async () => {
  const { url } = await startServer({ isReady: () => false });
  expect((await fetch(`${url}${PATH}`)).status).toBe(200);
});

test('who has the document gets it once', async () => {
  const { url } = await startServer();
  const first = await fetch(`${url}${PATH}`);
  const etag = first.headers.get('etag') ?? '';
  const second = await fetch(`${url}${PATH}`, { headers: { 'if-none-match': etag } });
  expect([second.status, await second.text()]).toEqual([304, '']);
  const head = await fetch(`${url}${PATH}`, { method: 'HEAD' });
  expect([head.status, head.headers.get('etag')]).toEqual([200, etag]);
  expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(await first.text())));
});

test.each([
  ['a foreign name', ['Host: evil.example']],
  ['another site', ['Host: localhost', 'Origin: http://evil.example']],
])('%s does not get the document', async (_, lines) => {
  const { port } = await startServer();
  const answer = await sendRaw(port, `GET ${PATH} HTTP/1.1\r\n${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
  expect(answer.status).toBe(403);
});
