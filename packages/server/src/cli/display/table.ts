import { displayWidth, truncate, visibleText } from './visible-text.ts';

export interface Cell {
  text: string;
  /** Paints the padded cell; the alignment is not affected by it. */
  paint?: ((text: string) => string) | undefined;
}

/** Rows in aligned columns. Widths are kept from one batch of rows to the next, and only grow. */
export interface Table {
  /** Lines of these rows, the header in front of the first batch. */
  render(rows: readonly (readonly Cell[])[]): string;
}

const GAP = '  ';

/**
 * Only the last column is ever cut, where a line would be wider than `maxWidth` (the terminal's; null for none), so
 * put there what can be missed.
 */
export function createTable(header: readonly string[], maxWidth: number | null): Table {
  const widths = header.map(displayWidth);
  let isFirst = true;

  function line(cells: readonly Cell[]): string {
    const last = cells.length - 1;
    const usedBefore = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
    const painted = cells.map(({ text, paint = String }, index) => {
      if (index < last) return paint(text) + ' '.repeat((widths[index] ?? 0) - displayWidth(text));
      return paint(maxWidth === null ? text : truncate(text, Math.max(10, maxWidth - usedBefore)));
    });
    return `${painted.join(GAP).trimEnd()}\n`;
  }

  return {
    render(rows) {
      const shown = rows.map((cells) => cells.map((cell) => ({ ...cell, text: visibleText(cell.text) })));
      for (const cells of shown) {
        for (const [index, { text }] of cells.entries()) {
          widths[index] = Math.max(widths[index] ?? 0, displayWidth(text));
        }
      }
      const lines = shown.map(line);
      if (isFirst) lines.unshift(line(header.map((text) => ({ text }))));
      isFirst = false;
      return lines.join('');
    },
  };
}
