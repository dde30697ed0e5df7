/** Columns to fit into; null where the stream is no terminal, and nothing is to be cut. */
export function terminalWidth(stream: NodeJS.WriteStream): number | null {
  // Terminals that do not tell their width say 0.
  return stream.isTTY ? stream.columns || 80 : null;
}
