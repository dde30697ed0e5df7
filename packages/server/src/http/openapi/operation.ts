import type { z } from 'zod';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Tag } from './tags.ts';

/** A parameter of a request, or a header of an answer. The schema is of its value, not of the text that stands for it. */
export interface Parameter {
  schema: z.ZodType;
  description: string;
  /** Default false. */
  isRequired?: boolean;
}

/** A body in one or several types. */
export interface Content {
  [mediaType: string]: z.ZodType;
}

export interface RequestBody {
  /** What is in it where the schema does not say so. */
  description?: string;
  content: Content;
  isRequired: boolean;
}

export interface Answer {
  description: string;
  content?: Content;
  headers?: Readonly<Record<string, Parameter>>;
}

/** One method of one path, as the OpenAPI document describes it. */
export interface Operation {
  /** Unique, and stable: generated clients name their functions after it. */
  id: string;
  tag: Tag;
  summary: string;
  /** Markdown. */
  description?: string;
  /** Of each `:name` in the path. */
  path?: Readonly<Record<string, Parameter>>;
  /**
   * Everything that the query may hold; any other name is refused. A name that ends with a dot stands for all that begin with it,
   * such as `metadata.owner`, and its schema for the object of them.
   */
  query?: Readonly<Record<string, Parameter>>;
  /** Beside those that every request may carry. */
  headers?: Readonly<Record<string, Parameter>>;
  body?: RequestBody;
  /** By status. */
  answers: Readonly<Record<number, Answer>>;
  /** Beside those that every request can meet. */
  errors: readonly ErrorCode[];
  /** Served without a token, also while the server starts. Default false. */
  isPublic?: boolean;
  /** For a GET whose HEAD is of use of its own: its summary. Every GET answers HEAD, described or not. */
  head?: string;
}
