import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes a page of `docs/`. */
export function writeDocument(name: string, content: string): void {
  writeFileSync(fileURLToPath(new URL(`../docs/${name}`, import.meta.url)), content);
}

/** A Markdown table; bars inside cells are escaped. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
