/**
 * How many of `rows` each of several lists gets that wants so many: all what they want where there is room; otherwise none gets
 * more than another that is left wanting, but for one row of a rest, which goes to the first ones.
 */
export function shareRows(wanted: readonly number[], rows: number): number[] {
  const given = wanted.map(() => 0);
  let left = Math.max(0, rows);
  for (;;) {
    const wanting = [...wanted.keys()].filter((index) => (given[index] ?? 0) < (wanted[index] ?? 0));
    if (wanting.length === 0 || left === 0) return given;
    const each = Math.max(1, Math.floor(left / wanting.length));
    for (const index of wanting) {
      const more = Math.min(each, (wanted[index] ?? 0) - (given[index] ?? 0), left);
      given[index] = (given[index] ?? 0) + more;
      left -= more;
    }
  }
}
