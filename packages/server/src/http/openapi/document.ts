import type { DescribedRoute } from './collect-operations.ts';
import { isPrefix } from './described.ts';
import { errorResponses } from './error-responses.ts';
import type { Answer, Content, Operation, Parameter, RequestBody } from './operation.ts';
import { createSchemaWriter, type SchemaWriter } from './schema-writer.ts';
import { TAGS } from './tags.ts';

const DESCRIPTION = `Durable jobs: a submit that was answered is on disk, a driver starts at most once per attempt.

Bodies are JSON and strict: a field or a query parameter that is not known is refused by its name. Answers of this version have exactly the
fields that are described here; later versions may have more, so a client should pass over what it does not know. Times are RFC 3339 in UTC.

Every GET answers HEAD too. Every refusal is a problem document (\`application/problem+json\`, RFC 9457): match on its \`code\`, never on the
words. Where the server wants a token, every request has to carry it, but for this document.`;

/** What the document calls the bearer token. */
export const SECURITY_SCHEME = 'token';

/** An OpenAPI document, as far as programs of ours read it. */
export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, object>>;
  [field: string]: unknown;
}

/**
 * The OpenAPI 3.1 document of these routes. A HEAD is described where the operation has a summary for it.
 *
 * @param version Drover's own
 */
export function buildDocument(routes: readonly DescribedRoute[], version: string): OpenApiDocument {
  const writer = createSchemaWriter();
  const paths: OpenApiDocument['paths'] = {};
  for (const { method, url, operation } of routes) {
    if (method === 'HEAD' && operation.head === undefined) continue;
    const path = pathTemplate(url, operation);
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation, method, writer) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Drover',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that this document is from.' }],
    security: [{ [SECURITY_SCHEME]: [] }, {}],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: writer.components(),
      securitySchemes: {
        [SECURITY_SCHEME]: { type: 'http', scheme: 'bearer', description: 'Where the server has a `token_file`.' },
      },
    },
  };
}

/** `/jobs/:id` as `/jobs/{id}`, with the name that the description has for it. */
function pathTemplate(url: string, { path = {} }: Operation): string {
  const names = Object.keys(path);
  return url.replace(/:\w+/g, (placeholder) => `{${names.shift() ?? placeholder.slice(1)}}`);
}

function operationObject(operation: Operation, method: string, writer: SchemaWriter): object {
  const { id, tag, summary, description, path = {}, query = {}, headers = {}, body, isPublic = false } = operation;
  const isHead = method === 'HEAD';
  return {
    operationId: isHead ? id.replace('get', 'head') : id,
    tags: [tag],
    summary: isHead ? operation.head : summary,
    ...(description === undefined || isHead ? {} : { description }),
    parameters: [
      ...Object.entries(path).map(([name, each]) => ({
        ...parameterObject('path', name, each, writer),
        required: true,
      })),
      ...Object.entries(query).map(([name, each]) => queryParameterObject(name, each, writer)),
      ...Object.entries(headers).map(([name, each]) => parameterObject('header', name, each, writer)),
    ],
    ...(body === undefined ? {} : { requestBody: requestBodyObject(body, writer) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, each]) => [status, responseObject(each, isHead, writer)]),
      ),
      ...errorResponses(operation, method, writer),
    },
    ...(isPublic ? { security: [] } : {}),
  };
}

function parameterObject(place: string, name: string, parameter: Parameter, writer: SchemaWriter) {
  const { schema, description, isRequired = false } = parameter;
  return { name, in: place, description, ...(isRequired ? { required: true } : {}), schema: writer.write(schema) };
}

function queryParameterObject(name: string, parameter: Parameter, writer: SchemaWriter): object {
  if (!isPrefix(name)) return parameterObject('query', name, parameter, writer);
  // Exploded, each member of the object is a parameter of its own.
  const { schema, ...rest } = parameterObject('query', name.slice(0, -1), parameter, writer);
  const propertyNames = { pattern: `^${name.replaceAll('.', '\\.')}` };
  return { ...rest, style: 'form', explode: true, schema: { ...schema, propertyNames } };
}

function requestBodyObject({ content, isRequired, description }: RequestBody, writer: SchemaWriter): object {
  return {
    ...(description === undefined ? {} : { description }),
    required: isRequired,
    content: contentObject(content, writer),
  };
}

function responseObject({ description, headers = {}, content }: Answer, isHead: boolean, writer: SchemaWriter): object {
  const named = Object.entries(headers).map(([name, { schema, description: text, isRequired = false }]) => [
    name,
    { description: text, ...(isRequired ? { required: true } : {}), schema: writer.write(schema) },
  ]);
  return {
    description,
    ...(named.length === 0 ? {} : { headers: Object.fromEntries(named) }),
    ...(content === undefined || isHead ? {} : { content: contentObject(content, writer) }),
  };
}

function contentObject(content: Content, writer: SchemaWriter): object {
  return Object.fromEntries(
    Object.entries(content).map(([mediaType, schema]) => [mediaType, { schema: writer.write(schema) }]),
  );
}
