import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { DescribedApi, Schema } from './described-operations.ts';

/** Says what is wrong with a value by a schema of the document; null where nothing is. */
export type SchemaCheck = (schema: Schema, value: unknown) => string | null;

const DOCUMENT = 'openapi';

export function createSchemaCheck({ schemas }: DescribedApi): SchemaCheck {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
  formats.default(ajv);
  ajv.addKeyword('components');
  ajv.addSchema({ $id: DOCUMENT, components: { schemas: JSON.parse(absolute(schemas)) } });
  const compiled = new Map<string, ValidateFunction>();

  return (schema, value) => {
    const text = absolute(schema);
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text));
    compiled.set(text, validate);
    return validate(value) ? null : ajv.errorsText(validate.errors);
  };
}

/** References from anywhere lead into the document. */
function absolute(schema: unknown): string {
  return JSON.stringify(schema).replaceAll('"#/components/', `"${DOCUMENT}#/components/`);
}
