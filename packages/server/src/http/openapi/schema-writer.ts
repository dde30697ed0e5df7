import { z } from 'zod';

/** A schema in the words of JSON Schema 2020-12, which are those of OpenAPI 3.1. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Writes zod schemas as JSON Schema; those with an id become components that the others refer to. */
export interface SchemaWriter {
  write(schema: z.ZodType): JsonSchema;
  /** By their ids, all that were met until now. */
  components(): Record<string, JsonSchema>;
}

const OWN_REFERENCE = '#/$defs/';
const COMPONENT_REFERENCE = '#/components/schemas/';

export function createSchemaWriter(): SchemaWriter {
  const components: Record<string, JsonSchema> = {};
  const written = new Map<z.ZodType, JsonSchema>();

  function convert(schema: z.ZodType): JsonSchema {
    // Inside another schema, so that one with an id is written as a reference too.
    const { items, $defs = {} } = inComponents(
      z.toJSONSchema(z.array(schema), { io: 'input', unrepresentable: 'any', override: leaveOutTheObvious }),
    );
    Object.assign(components, $defs);
    return typeof items === 'object' && !Array.isArray(items) ? items : {};
  }

  return {
    write(schema) {
      const known = written.get(schema);
      if (known !== undefined) return known;
      const converted = convert(schema);
      written.set(schema, converted);
      return converted;
    },

    components: () => Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Every whole number of JSON that a program can hold exactly is within these, and every key is a string. */
function leaveOutTheObvious({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.type === 'object' && JSON.stringify(jsonSchema.propertyNames) === '{"type":"string"}') {
    delete jsonSchema.propertyNames;
  }
}

function inComponents(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll(`"${OWN_REFERENCE}`, `"${COMPONENT_REFERENCE}`));
}
