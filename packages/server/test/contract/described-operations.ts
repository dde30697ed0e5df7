/*
 * The OpenAPI document as the test reads it: the rim where its JSON becomes types.
 */

export interface Schema {
  $ref?: string;
  anyOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null';
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  minProperties?: number;
  additionalProperties?: boolean | Schema;
}

export interface DescribedParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  /** Where it is there, each member of the object is a parameter. */
  explode?: boolean;
  schema: Schema;
}

export interface DescribedAnswer {
  content?: Record<string, { schema: Schema }>;
  headers?: Record<string, { required?: boolean; schema: Schema }>;
}

export interface DescribedOperation {
  operationId: string;
  method: string;
  path: string;
  parameters: DescribedParameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, DescribedAnswer>;
}

export interface DescribedApi {
  described: DescribedOperation[];
  /** The HEAD of every GET for which there is none among the described. */
  heads: DescribedOperation[];
  schemas: Record<string, Schema>;
  /** The schema itself, where it refers to another. */
  resolve(schema: Schema): Schema;
}

/** As the document says once for all. */
function headOf(get: DescribedOperation): DescribedOperation {
  const responses = Object.entries(get.responses).map(([status, { headers = {} }]) => [status, { headers }]);
  return { ...get, operationId: `${get.operationId} (HEAD)`, method: 'HEAD', responses: Object.fromEntries(responses) };
}

/** @param url of the server that has it */
export async function readDescribedApi(url: string): Promise<DescribedApi> {
  const response = await fetch(`${url}/api/v1/openapi.json`);
  const document = (await response.json()) as {
    paths: Record<string, Record<string, Omit<DescribedOperation, 'method' | 'path'>>>;
    components: { schemas: Record<string, Schema> };
  };
  const { schemas } = document.components;
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  );
  return {
    described,
    heads: described.filter(({ method, path }) => method === 'GET' && !document.paths[path]?.head).map(headOf),
    schemas,
    resolve: (schema) => {
      if (schema.$ref === undefined) return schema;
      const name = schema.$ref.slice('#/components/schemas/'.length);
      const target = schemas[name];
      if (target === undefined) throw new Error(`the document refers to ${schema.$ref}, which is not there`);
      return target;
    },
  };
}
