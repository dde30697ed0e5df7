import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textFrames } from '../../../src/http/ray/text-frames.ts';

it('cuts any text into frames that are text, small enough, and the whole', () => {
  const piece = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.integer({ min: 1, max: 20_000 })), { maxLength: 4 }), (parts) => {
      const text = parts
        .map(([part, times]) => part.repeat(Math.ceil(times / (part.length + 1))))
        .join('')
        .toWellFormed();
      const frames = [...textFrames(text)];
      expect(frames.every((frame) => frame.length > 0 && frame.length <= 32 * 1024)).toBe(true);
      expect(
        frames.map((frame) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(frame)).join(''),
      ).toBe(text);
    }),
    { numRuns: 50 },
  );
});
