export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span that has ended, whole. Its trace is told beside it. */
export interface Span {
  /** 16 hexadecimal digits. */
  id: string;
  /** Null for the first of its trace. */
  parentId: string | null;
  name: string;
  beganAtMs: number;
  /** Not before `beganAtMs`. */
  endedAtMs: number;
  attributes: SpanAttributes;
  /** Why what it stands for has failed; null where it has not. */
  failure: string | null;
  moments: readonly Moment[];
  links: readonly SpanLink[];
}

/** Something that happened within a span. */
export interface Moment {
  name: string;
  atMs: number;
  attributes: SpanAttributes;
}

/** A span of another trace, as a rule, that this one has to do with. */
export interface SpanLink {
  traceId: string;
  spanId: string;
  isSampled: boolean;
  attributes: SpanAttributes;
}
