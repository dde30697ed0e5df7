const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** An amount as Kubernetes writes it, such as `250m`, `2Gi` or `1e3`; 0 for what is none. */
export function parseQuantity(text: string): number {
  const [, number, suffix = ''] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(text.trim()) ?? [];
  const unit = SUFFIXES[suffix];
  return number === undefined || unit === undefined ? 0 : Number(number) * unit;
}

/** Cores, in thousandths: Kubernetes knows no smaller share. */
export function formatCpus(cpus: number): string {
  return `${Math.max(1, Math.ceil(cpus * 1000))}m`;
}
