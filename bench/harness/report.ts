import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isReached, type Scenario, type ScenarioResult } from './scenario.ts';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/** What the figures were measured on. */
export function describeMachine(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    // Of the last minute: others may use the machine too.
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** Keeps the raw result beside the code, and prints the figures. */
export function report(scenario: Scenario, result: ScenarioResult): void {
  mkdirSync(RESULTS, { recursive: true });
  const document = {
    scenario: scenario.name,
    summary: scenario.summary,
    at: new Date().toISOString(),
    machine: describeMachine(),
    ...result,
  };
  writeFileSync(`${RESULTS}${scenario.name}.json`, `${JSON.stringify(document, null, 1)}\n`);
  console.log(`\n${scenario.name}: ${scenario.summary}`);
  for (const figure of result.figures) {
    const reached = isReached(figure);
    const bound =
      figure.reach === null ? '' : 'atLeast' in figure.reach ? `≥ ${figure.reach.atLeast}` : `≤ ${figure.reach.atMost}`;
    const mark = reached === null ? ' ' : reached ? '✓' : '✗';
    console.log(
      `  ${mark} ${figure.what.padEnd(64)} ${format(figure.value).padStart(10)} ${figure.unit.padEnd(8)} ${bound}`,
    );
  }
}

function format(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
