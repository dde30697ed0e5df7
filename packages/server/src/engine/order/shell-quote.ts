/**
 * Text as one word of a POSIX shell, whatever is in it. NUL is refused: no argument or variable can hold it.
 */
export function quoteForShell(text: string): string {
  if (text.includes('\0')) throw new Error('a NUL character cannot be passed to a program');
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
