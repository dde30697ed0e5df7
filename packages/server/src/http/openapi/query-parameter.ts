import { z } from 'zod';
import { droverError } from '../../errors/drover-error.ts';
import { booleanParameter, queryOf, singleParameter, wholeParameter } from '../listing/query-parameters.ts';
import type { Parameter } from './operation.ts';

/** A parameter of a query with what reads it: both from one statement, so that what is described is what is taken. */
export interface QueryParameter<Value> extends Parameter {
  /** @throws `INVALID_QUERY` */
  read(query: URLSearchParams, name: string): Value;
}

interface Bounds {
  /** Inclusive, as is `most`. */
  least: number;
  most: number;
}

/** A whole number, null where it is not given. */
export function whole(description: string, { least, most }: Bounds): QueryParameter<number | null> {
  return {
    description,
    schema: z.int().min(least).max(most),
    read: (query, name) => wholeParameter(query, name, least, most),
  };
}

/** A whole number that is not needed. */
export function wholeOr(fallback: number, description: string, { least, most }: Bounds): QueryParameter<number> {
  return {
    description,
    schema: z.int().min(least).max(most).default(fallback),
    read: (query, name) => wholeParameter(query, name, least, most) ?? fallback,
  };
}

/** Any text, null where it is not given. */
export function text(description: string): QueryParameter<string | null> {
  return { description, schema: z.string(), read: singleParameter };
}

/** False where it is not given. */
export function flag(description: string): QueryParameter<boolean> {
  return { description, schema: z.boolean().default(false), read: booleanParameter };
}

/** One of some texts, which may be given several times; an empty list where it is not given. */
export function someOf<const Text extends string>(
  texts: readonly Text[],
  schema: z.ZodType,
  description: string,
): QueryParameter<Text[]> {
  return {
    description,
    schema: z.array(schema),
    read: (query, name) =>
      query.getAll(name).map((given) => {
        const known = texts.find((each) => each === given);
        if (known !== undefined) return known;
        throw droverError('INVALID_QUERY', { name, detail: `must be one of ${texts.join(', ')}` });
      }),
  };
}

type Values<Parameters> = {
  [Name in keyof Parameters]: Parameters[Name] extends QueryParameter<infer Value> ? Value : never;
};

/** Reads the query of a request's URL. Parameters that are not among these are not looked at. @throws `INVALID_QUERY` */
export function readQuery<Parameters extends Record<string, QueryParameter<unknown>>>(
  parameters: Parameters,
  url: string,
): Values<Parameters> {
  const query = queryOf(url);
  const values = Object.entries(parameters).map(([name, parameter]) => [name, parameter.read(query, name)]);
  return Object.fromEntries(values) as Values<Parameters>;
}
