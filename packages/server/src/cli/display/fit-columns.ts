/**
 * Which of the `wanted` columns of a table fit into `maxWidth`, as ascending indices. The last column can be cut, so it needs
 * `shortestLast` at most.
 *
 * As few as needed of the `expendable` ones are left out, in that order; but the last column, where it is one of them,
 * only when leaving out all others is not enough, and those that then fit are back. Where nothing helps, the columns
 * that are not expendable are left: a line that wraps tells more than an id that is cut.
 */
export function fitColumns(
  widths: readonly number[],
  maxWidth: number,
  options: { wanted: readonly number[]; expendable: readonly number[]; gap: number; shortestLast: number },
): number[] {
  const { wanted, expendable, gap, shortestLast } = options;
  const last = widths.length - 1;
  const others = expendable.filter((index) => index !== last);
  const leftOut = others.map((_, index) => others.slice(0, index + 1));
  const attempts = [[], ...leftOut];
  if (expendable.includes(last)) attempts.push(...[[], ...leftOut].map((indices) => [...indices, last]));

  const kept = attempts.map((without) => wanted.filter((index) => !without.includes(index)));
  const needed = (index: number) => {
    const width = widths[index] ?? 0;
    return index === last ? Math.min(shortestLast, width) : width;
  };
  const fits = (columns: readonly number[]) =>
    columns.reduce((sum, index) => sum + needed(index), gap * (columns.length - 1)) <= maxWidth;
  return kept.find(fits) ?? kept.at(-1) ?? [];
}
