/**
 * How many single characters have to be inserted, deleted, replaced or swapped with their neighbour to make one text the
 * other; `limit + 1` for anything beyond `limit`.
 */
export function editDistance(from: string, to: string, limit: number): number {
  const beyond = limit + 1;
  if (Math.abs(from.length - to.length) > limit) return beyond;
  const start = sharedPrefixLength(from, to);
  return distanceOfRests(from.slice(start), to.slice(start), limit);
}

export function sharedPrefixLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** Optimal string alignment, only near the diagonal, given up as soon as a whole row is beyond the limit. */
function distanceOfRests(from: string, to: string, limit: number): number {
  const beyond = limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => Math.min(column, beyond));
  for (let row = 1; row <= from.length; row++) {
    const current = new Array<number>(to.length + 1).fill(beyond);
    current[0] = Math.min(row, beyond);
    let smallest = current[0];
    for (let column = Math.max(1, row - limit); column <= Math.min(to.length, row + limit); column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const distance = Math.min(
        (last[column] ?? beyond) + 1,
        (current[column - 1] ?? beyond) + 1,
        (last[column - 1] ?? beyond) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? beyond) + 1 : beyond,
        beyond,
      );
      current[column] = distance;
      smallest = Math.min(smallest, distance);
    }
    if (smallest > limit) return beyond;
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? beyond;
}
