import { describe, expect, it } from 'vitest';
import { readTraceContext } from '../../../src/http/routing/trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const PARENT = { traceId: TRACE, spanId: SPAN, isSampled: true };

describe('the span of a submit', () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, true],
    [`00-${TRACE}-${SPAN}-00`, false],
    [`00-${TRACE}-${SPAN}-03`, true],
    [`01-${TRACE}-${SPAN}-01`, true],
    [`cc-${TRACE}-${SPAN}-01-what-comes-later`, true],
  ])('is read from %s', (traceparent, isSampled) => {
    expect(readTraceContext({ traceparent })).toEqual({ traceParent: { ...PARENT, isSampled } });
  });

  it.each([
    undefined,
    '',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-1`,
    `cc-${TRACE}-${SPAN}-01x`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
  ])('is none where the header is %j', (traceparent) => {
    expect(readTraceContext(traceparent === undefined ? {} : { traceparent })).toEqual({});
  });

  it('has its state with it, where that is one', () => {
    const traceparent = `00-${TRACE}-${SPAN}-01`;
    const read = (tracestate: string) => readTraceContext({ traceparent, tracestate }).traceParent?.state;
    expect(read('a=1,b@c=2')).toBe('a=1,b@c=2');
    for (const none of ['', 'a', `a=${'x'.repeat(600)}`, 'a=\u00e9']) expect(read(none)).toBeUndefined();
    expect(readTraceContext({ tracestate: 'a=1' })).toEqual({});
  });
});
