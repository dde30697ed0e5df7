import { describe, expect, it } from 'vitest';
import { createTable } from '../../../src/cli/display/table.ts';

const HEADER = ['ID', 'STATUS', 'AGE', 'EXIT', 'COMMAND'];
const SHAPE = { header: HEADER, expendable: ['EXIT', 'AGE', 'COMMAND'] };

function headerAt(maxWidth: number, command = 'a long command line'): string[] {
  const table = createTable(SHAPE, maxWidth);
  return linesOf(table.render([row('0123456789', command)]))[0]?.split(/ +/) ?? [];
}

function row(id: string, command: string) {
  return [id, 'RUNNING', '1m ago', '-', command].map((text) => ({ text }));
}

function linesOf(rendered: string): string[] {
  return rendered.trimEnd().split('\n');
}

describe('a table that is too wide', () => {
  // ID 10, STATUS 7, AGE 6, EXIT 4, COMMAND 12 of 19, and gaps of 2.
  it.each([
    [80, ['ID', 'STATUS', 'AGE', 'EXIT', 'COMMAND']],
    [47, ['ID', 'STATUS', 'AGE', 'EXIT', 'COMMAND']],
    [46, ['ID', 'STATUS', 'AGE', 'COMMAND']],
    [41, ['ID', 'STATUS', 'AGE', 'COMMAND']],
    [40, ['ID', 'STATUS', 'COMMAND']],
    [33, ['ID', 'STATUS', 'COMMAND']],
    [32, ['ID', 'STATUS', 'AGE']],
    [27, ['ID', 'STATUS', 'AGE']],
    [26, ['ID', 'STATUS']],
    [5, ['ID', 'STATUS']],
  ])('keeps at %i columns %j', (maxWidth, kept) => expect(headerAt(maxWidth)).toEqual(kept));

  it('leaves out columns in which nothing but the usual has stood, before it cuts', () => {
    const table = createTable(SHAPE, 34);
    const usual = (cells: { text: string }[]) => cells.map((cell, index) => ({ ...cell, isUsual: index === 2 }));
    const [header = ''] = linesOf(table.render([usual(row('0123456789', 'ls'))]));
    expect(header.split(/ +/)).toEqual(['ID', 'STATUS', 'EXIT', 'COMMAND']);
    const [later = ''] = linesOf(table.render([row('0123456789', 'ls'), usual(row('1', 'ls'))]));
    expect(later.split(/ +/)).toEqual(['ID', 'STATUS', 'COMMAND']);
  });

  it('needs no more for the last column than stands in it', () => {
    expect(headerAt(42, 'ls')).toEqual(HEADER);
  });

  it('cuts the last column alone, and never wraps while there is room for it', () => {
    for (let maxWidth = 20; maxWidth < 70; maxWidth++) {
      const [, line = ''] = linesOf(createTable(SHAPE, maxWidth).render([row('0123456789', 'x'.repeat(90))]));
      expect(line.length).toBeLessThanOrEqual(maxWidth);
      expect(line).toMatch(/^0123456789 {2}RUNNING( {2}1m ago)?( {2}- {3})?( {2}x{11,}…)?$/);
    }
  });

  it('repeats the header where a later batch leaves other columns', () => {
    const table = createTable(SHAPE, 47);
    expect(linesOf(table.render([row('0123456789', 'ls')]))).toHaveLength(2);
    expect(linesOf(table.render([row('1', 'ls')]))).toHaveLength(1);
    const later = linesOf(table.render([row('x'.repeat(20), 'ls')]));
    expect(later[0]).toMatch(/^ID {20}STATUS {3}AGE {5}COMMAND$/);
    expect(later).toHaveLength(2);
  });
});
