/** Checks at the rim, where SQLite's values become types. A mismatch means a damaged file or a wrong statement. */
export type Row = Readonly<Record<number, unknown>>;

export function integerAt(row: Row, column: number): number {
  return realAt(row, column);
}

export function integerOrNullAt(row: Row, column: number): number | null {
  return row[column] === null ? null : integerAt(row, column);
}

export function textAt(row: Row, column: number): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`the job store holds ${typeof value} where text belongs`);
  return value;
}

export function textOrNullAt(row: Row, column: number): string | null {
  return row[column] === null ? null : textAt(row, column);
}

/** A number with a fraction. */
export function realAt(row: Row, column: number): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`the job store holds ${typeof value} where a number belongs`);
  return value;
}

export function bytesAt(row: Row, column: number): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new Error(`the job store holds ${typeof value} where bytes belong`);
  return value;
}

export function bytesOrNullAt(row: Row, column: number): Uint8Array | null {
  return row[column] === null ? null : bytesAt(row, column);
}
