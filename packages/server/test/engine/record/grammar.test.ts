import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../src/engine/record/grammar.ts';

const FULL = 'supervisor 10 200 boot-a 4026531836 .\ndriver 11 201 .\nend 137 .\n';

describe('parseRecord', () => {
  it('reads a whole record', () => {
    expect(parseRecord(FULL)).toEqual({
      supervisor: { pid: 10, startTicks: 200, bootId: 'boot-a', pidNamespace: '4026531836' },
      driver: { pid: 11, startTicks: 201 },
      refusal: null,
      exitCode: 137,
      outOfMemory: false,
      withdrawn: false,
      place: null,
      asked: false,
      exited: null,
    });
  });

  it('reads a refusal and a withdrawal', () => {
    expect(parseRecord('refused directory .\nend 126 .\n')).toMatchObject({ refusal: 'directory', exitCode: 126 });
    expect(parseRecord('withdrawn .\n')).toMatchObject({ withdrawn: true, supervisor: null });
  });

  it('reads that memory ran out, which the server adds', () => {
    expect(parseRecord(`${FULL}\noom .\n`)).toEqual({ ...parseRecord(FULL), outOfMemory: true });
  });

  it('never takes a part of a line for the line, wherever a full disk or a crash cut it', () => {
    const whole = parseRecord(FULL);
    fc.assert(
      fc.property(fc.nat({ max: FULL.length - 1 }), (length) => {
        const part = parseRecord(FULL.slice(0, length));
        for (const key of ['supervisor', 'driver', 'exitCode'] as const) {
          expect([null, whole[key]]).toContainEqual(part[key]);
        }
        expect(part.exitCode).toBeNull();
      }),
    );
  });

  it('reads a line that was cut short and then written again', () => {
    const line = 'end 137 .\n';
    for (let written = 0; written < line.length; written += 1) {
      expect(parseRecord(`${line.slice(0, written)}\n${line}`).exitCode).toBe(137);
    }
  });

  it('passes over what it does not know', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        expect(() => parseRecord(noise)).not.toThrow();
      }),
    );
    expect(parseRecord('\0\0\0\0\nhost node-1 .\nend x .\nend 1\ndriver 1 .\n')).toEqual(parseRecord(''));
  });

  it('keeps the first line of a kind', () => {
    expect(parseRecord('end 1 .\nend 2 .\n').exitCode).toBe(1);
  });
});
