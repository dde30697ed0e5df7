import type { EngineNode } from '../../engine.ts';

/** A node as Slurm's interfaces tell of it. */
export interface NodeFacts {
  name: string;
  address: string;
  cpus: number;
  memoryMb: number;
  /** Such as `gpu:a100:2(S:0-1),npu:1`. */
  gres: string;
  /** State and flags, in small letters. */
  state: string;
  /** Why it takes no jobs, by whoever saw to that. */
  reason: string;
}

const TAKES_NONE = /down|drain|fail|not_responding|maint|power|reboot|\*/;

export function describeNode(facts: NodeFacts): EngineNode {
  const amounts = gresAmounts(facts.gres);
  const { gpu: gpus = 0, ...custom } = amounts;
  const why = facts.reason === '' || facts.reason === 'none' ? '' : ` (${facts.reason})`;
  return {
    name: facts.name,
    address: facts.address === '' ? facts.name : facts.address,
    cpus: facts.cpus,
    memoryBytes: facts.memoryMb * 2 ** 20,
    gpus,
    custom,
    state: facts.state,
    trouble: TAKES_NONE.test(facts.state) ? `Slurm has it as ${facts.state}${why}` : null,
  };
}

/** Amounts by the name of the resource, its types taken together. */
export function gresAmounts(gres: string): Record<string, number> {
  const amounts: Record<string, number> = {};
  for (const one of gres.replace(/\([^)]*\)/g, '').split(',')) {
    const [name = '', ...rest] = one.replace(/^gres[:/]/, '').split(':');
    const count = /^(\d+)([KMG]?)$/.exec(rest.at(-1) ?? '');
    if (name === '' || name === 'null') continue;
    const unit = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[count?.[2] ?? ''] ?? 1;
    amounts[name] = (amounts[name] ?? 0) + (count ? Number(count[1]) * unit : 1);
  }
  return amounts;
}
