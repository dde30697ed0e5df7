const SIZE_UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];

/** `0`, `512B`, `1.5KiB`, `64GiB`: with one decimal below 10, as `--memory` takes it. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return bytes === 0 ? '0' : `${bytes}B`;
  let amount = bytes / 1024;
  let unit = 0;
  while (amount >= 1024 && unit < SIZE_UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${Number(amount.toFixed(amount < 10 ? 1 : 0))}${SIZE_UNITS[unit]}`;
}

/** Amounts of resources count in ten-thousandths. */
export function formatAmount(amount: number): string {
  return String(Number(amount.toFixed(4)));
}

/** `12.5%` of a part from 0 to 1: with one decimal below 10. */
export function formatPart(part: number): string {
  const percent = part * 100;
  return `${Number(percent.toFixed(percent < 10 ? 1 : 0))}%`;
}
