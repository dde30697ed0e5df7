/** One measured figure, with what the project wants it to reach. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** The bound to reach; null where the figure is only told for comparison. */
  reach: { atLeast: number } | { atMost: number } | null;
}

export interface ScenarioResult {
  figures: Figure[];
  /** Everything that was measured, as it was measured. */
  raw: unknown;
}

export interface Scenario {
  name: string;
  /** What is measured, and against what, in a sentence. */
  summary: string;
  run(): Promise<ScenarioResult>;
}

export function isReached({ value, reach }: Figure): boolean | null {
  if (reach === null) return null;
  return 'atLeast' in reach ? value >= reach.atLeast : value <= reach.atMost;
}
