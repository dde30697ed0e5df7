import type { z } from 'zod';

/**
 * What a schema says of an answer, as the type of what is sent: answers are built by it and not checked at run time. Read-only
 * throughout, so that parts of a job are sent as they are, without a copy.
 */
export type Sent<Schema extends z.ZodType> = ReadonlyDeep<z.infer<Schema>>;

type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> }
    : T;
