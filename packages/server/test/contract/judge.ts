import type { DescribedAnswer, Schema } from './described-operations.ts';
import type { Draft } from './draft.ts';
import type { Received } from './exchange.ts';
import type { SchemaCheck } from './schema-check.ts';

/** Refusals that mean: the request has not the form that the document describes. */
const REFUSED_FORM = [
  'INVALID_BODY',
  'INVALID_QUERY',
  'INVALID_HEADER',
  'INVALID_JOB_ID',
  'INVALID_PACKAGE_NAME',
  'UNSUPPORTED_MEDIA_TYPE',
];

/** What is wrong with an answer by the document; null: nothing. */
export function judge(draft: Draft, received: Received, check: SchemaCheck): string | null {
  const { status, body } = received;
  if (status >= 500) return 'the server failed';
  const answer = draft.operation.responses[String(status)];
  if (answer === undefined) return 'the status is not described';
  if (draft.flaw !== null && status < 400) return 'what the document forbids was taken';
  if (draft.flaw === null && status >= 400 && draft.operation.method !== 'HEAD') {
    const { code } = JSON.parse(body.toString());
    if (REFUSED_FORM.includes(code)) return 'what the document allows was refused';
  }
  return judgeHeaders(answer, received, check) ?? judgeBody(answer, received, check);
}

function judgeHeaders({ headers = {} }: DescribedAnswer, received: Received, check: SchemaCheck): string | null {
  for (const [name, { required = false, schema }] of Object.entries(headers)) {
    const text = received.headers[name.toLowerCase()];
    if (text === undefined) {
      if (required) return `the header ${name} is missing`;
      continue;
    }
    const fault = check(schema, schema.type === 'integer' ? Number(text) : text);
    if (fault !== null) return `the header ${name} is not as described: ${fault}`;
  }
  return null;
}

function judgeBody({ content }: DescribedAnswer, { headers, body }: Received, check: SchemaCheck): string | null {
  if (content === undefined) return body.length === 0 ? null : 'a body is not described';
  const type = headers['content-type']?.split(';')[0] ?? '';
  const schema: Schema | undefined = content[type]?.schema;
  if (schema === undefined) return `the type ${type} is not described`;
  const fault = check(schema, type.endsWith('json') ? JSON.parse(body.toString()) : body.toString());
  return fault === null ? null : `the body is not as described: ${fault}`;
}
