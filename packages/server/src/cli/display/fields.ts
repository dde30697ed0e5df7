import { dim } from './paint.ts';
import { visibleLines, visibleText } from './visible-text.ts';

/** One line of details; null where the field says nothing and is left out. */
export type Field = readonly [name: string, value: string | null, display?: FieldDisplay];

interface FieldDisplay {
  /** Paints the whole value. */
  paint?: (text: string) => string;
  /** Line breaks in the value are kept, all lines but the first set in. Otherwise they are shown as `\n`. */
  hasLines?: boolean;
}

/** One field per line, the values aligned, and nothing in them that a terminal obeys. */
export function fieldLines(fields: readonly Field[], stream: NodeJS.WriteStream): string {
  const width = Math.max(...fields.map(([name, value]) => (value === null ? 0 : name.length)));
  return fields
    .map(([name, value, { paint = String, hasLines = false } = {}]) => {
      if (value === null) return '';
      const text = hasLines ? visibleLines(value, ' '.repeat(width + 2)) : visibleText(value);
      return `${dim(name.padEnd(width), stream)}  ${paint(text)}\n`;
    })
    .join('');
}
