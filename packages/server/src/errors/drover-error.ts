import { CATALOGUE, type CatalogueEntry, type ErrorCode } from './catalogue.ts';

type Placeholders<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** What the template of a code needs. */
export type ErrorDetails<C extends ErrorCode> = {
  [Name in Placeholders<(typeof CATALOGUE)[C]['template']>]: string | number;
};

/** An error of the catalogue. Whatever else is thrown is a bug, and reaches clients as `INTERNAL`. */
export class DroverError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, message: string, details: Record<string, string | number>, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DroverError';
    this.code = code;
    this.details = details;
  }

  get entry(): CatalogueEntry {
    return CATALOGUE[this.code];
  }
}

/** Makes an error of the catalogue; `cause` is kept for the log. */
export function droverError<C extends ErrorCode>(code: C, details: ErrorDetails<C>, cause?: unknown): DroverError {
  const given: Record<string, string | number> = details;
  const message = CATALOGUE[code].template.replace(/\{(\w+)\}/g, (_, name: string) => String(given[name]));
  return new DroverError(code, message, given, cause === undefined ? undefined : { cause });
}
