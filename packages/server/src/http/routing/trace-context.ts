import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { TraceParent } from '../../job/trace-parent.ts';
import type { Parameter } from '../openapi/operation.ts';

/** What a submit may carry. Any text, since one that means nothing is ignored. */
export const traceHeaders = {
  traceparent: {
    schema: z.string(),
    description: 'W3C Trace Context: the span that the job belongs to. Ignored where it is malformed.',
  },
  tracestate: { schema: z.string(), description: 'Goes with `traceparent`, and on to the driver.' },
} satisfies Record<string, Parameter>;

const PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;
const SAMPLED = 1;
/** A list of `key=value`. Longer ones may be dropped as a whole. */
const STATE = /^[\x20-\x7e]*=[\x20-\x7e]*$/;
const MAX_STATE_CHARS = 512;

/**
 * The span that a submit belongs to, as a field of the submission; nothing where no valid one was sent. A malformed header is
 * ignored, as W3C Trace Context asks for.
 */
export function readTraceContext(headers: IncomingHttpHeaders): { traceParent?: TraceParent } {
  const traceParent = parseTraceParent(headers.traceparent);
  if (traceParent === null) return {};
  const state = headers.tracestate;
  if (typeof state !== 'string' || state.length > MAX_STATE_CHARS || !STATE.test(state)) return { traceParent };
  return { traceParent: { ...traceParent, state } };
}

function parseTraceParent(text: unknown): TraceParent | null {
  const [, version, traceId = '', spanId = '', flags = '', rest] = PARENT.exec(String(text)) ?? [];
  // Versions to come may add something at the end; this one has nothing there.
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (NOTHING.test(traceId) || NOTHING.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}
