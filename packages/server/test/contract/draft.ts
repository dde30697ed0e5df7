import type { DescribedOperation } from './described-operations.ts';

/** A request in parts that can be spoilt. */
export interface Draft {
  operation: DescribedOperation;
  path: Record<string, string>;
  query: readonly (readonly [name: string, text: string])[];
  headers: Readonly<Record<string, string>>;
  body: { type: string | null; bytes: Buffer } | null;
  /** What the document forbids about it; null: nothing, so that it must not be refused for its form. */
  flaw: string | null;
}

/** Of the request line. */
export function targetOf({ operation, path, query }: Draft): string {
  const filled = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const pairs = query.map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`);
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
}

/** As a person would write it down, to send it again. */
export function describeDraft(draft: Draft): string {
  const headers = Object.entries(draft.headers).map(([name, value]) => `${name}: ${value}`);
  const body = draft.body === null ? 'no body' : `${draft.body.type}: ${draft.body.bytes.toString().slice(0, 500)}`;
  return [`${draft.operation.method} ${targetOf(draft)}`, ...headers, body, `flaw: ${draft.flaw ?? 'none'}`].join(
    '\n  ',
  );
}
