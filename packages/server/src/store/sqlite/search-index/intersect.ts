/** What is in both of two lists that go down. */
export function intersectDescending(left: readonly number[], right: readonly number[]): number[] {
  const both: number[] = [];
  let at = 0;
  for (const value of left) {
    while ((right[at] ?? Number.NEGATIVE_INFINITY) > value) at += 1;
    if (right[at] === value) both.push(value);
  }
  return both;
}
