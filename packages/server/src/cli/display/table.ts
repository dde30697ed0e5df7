import { fitColumns } from './fit-columns.ts';
import { displayWidth, truncate, visibleText } from './visible-text.ts';

export interface Cell {
  text: string;
  /** Paints the padded cell; the alignment is not affected by it. */
  paint?: ((text: string) => string) | undefined;
  /** What one expects there: a column in which nothing else has stood yet is not shown. */
  isUsual?: boolean | undefined;
}

/** Rows in aligned columns. Widths are kept from one batch of rows to the next, and only grow. */
export interface Table {
  /** Lines of these rows, the header in front of the first batch, and again where other columns are shown than before. */
  render(rows: readonly (readonly Cell[])[]): string;
}

/** Which columns a table has. */
export interface TableShape {
  header: readonly string[];
  /** Columns to go without in a narrow terminal, in this order. Default none. */
  expendable?: readonly string[];
  /** What is left of the last column at least, where it is cut to fit. Default 12. */
  shortestLast?: number;
}

const GAP = '  ';

/**
 * Where a line would be wider than `maxWidth` (the terminal's; null for none) the last column is cut, so put there
 * what can be missed; and where too little of it would be left, those columns are left out that are expendable. No other
 * column is ever cut.
 */
export function createTable(shape: TableShape, maxWidth: number | null): Table {
  const { header, expendable = [], shortestLast = 12 } = shape;
  const widths = header.map(displayWidth);
  const last = header.length - 1;
  const fit = { expendable: expendable.map((name) => header.indexOf(name)), gap: GAP.length, shortestLast };
  const tells = header.map(() => false);
  let columns: number[] = [];

  function line(cells: readonly Cell[]): string {
    let used = 0;
    const painted = columns.map((index) => {
      const { text = '', paint = String } = cells[index] ?? {};
      if (index === last) return paint(maxWidth === null ? text : truncate(text, Math.max(10, maxWidth - used)));
      const width = widths[index] ?? 0;
      used += width + GAP.length;
      return paint(text) + ' '.repeat(width - displayWidth(text));
    });
    return `${painted.join(GAP).trimEnd()}\n`;
  }

  return {
    render(rows) {
      const shown = rows.map((cells) => cells.map((cell) => ({ ...cell, text: visibleText(cell.text) })));
      for (const cells of shown) {
        for (const [index, { text, isUsual = false }] of cells.entries()) {
          widths[index] = Math.max(widths[index] ?? 0, displayWidth(text));
          tells[index] ||= !isUsual;
        }
      }
      const before = columns.join();
      const wanted = [...header.keys()].filter((index) => tells[index]);
      columns = maxWidth === null ? wanted : fitColumns(widths, maxWidth, { ...fit, wanted });
      const lines = shown.map(line);
      if (columns.join() !== before) lines.unshift(line(header.map((text) => ({ text }))));
      return lines.join('');
    },
  };
}
