import { compareRank, type QueuedJob, type Rank } from './queued-job.ts';

/** Full blocks are halved: long enough that there are few of them, short enough that a move within one is nothing. */
const MAX_BLOCK = 512;

/** Jobs in the order of their ranks. Every operation costs about the square root of their number at most. */
export interface OrderedJobs {
  readonly size: number;
  readonly first: QueuedJob | null;
  add(job: QueuedJob): void;
  /** Whether it was there. */
  remove(rank: Rank): boolean;
  /** How many come before this rank. */
  countBefore(rank: Rank): number;
  /** The first one that comes behind this rank; whether the rank itself is there does not matter. */
  nextAfter(rank: Rank): QueuedJob | null;
}

export function createOrderedJobs(): OrderedJobs {
  /** None of them empty. */
  const blocks: QueuedJob[][] = [];
  let size = 0;

  /** Index of the first block whose last job does not come before the rank. */
  function blockFor(rank: Rank): number {
    return lowestIndex(blocks.length, (index) => {
      const last = blocks[index]?.at(-1);
      return last !== undefined && compareRank(last, rank) >= 0;
    });
  }

  return {
    get size() {
      return size;
    },
    get first() {
      return blocks[0]?.[0] ?? null;
    },

    add(job) {
      const index = Math.min(blockFor(job), Math.max(0, blocks.length - 1));
      const block = blocks[index];
      size += 1;
      if (block === undefined) {
        blocks.push([job]);
        return;
      }
      block.splice(positionIn(block, job), 0, job);
      if (block.length > MAX_BLOCK) blocks.splice(index + 1, 0, block.splice(MAX_BLOCK / 2));
    },

    remove(rank) {
      const index = blockFor(rank);
      const block = blocks[index];
      if (block === undefined) return false;
      const position = positionIn(block, rank);
      if (block[position]?.seq !== rank.seq) return false;
      block.splice(position, 1);
      if (block.length === 0) blocks.splice(index, 1);
      size -= 1;
      return true;
    },

    countBefore(rank) {
      const index = blockFor(rank);
      let count = 0;
      for (let before = 0; before < index; before += 1) count += blocks[before]?.length ?? 0;
      const block = blocks[index];
      return block === undefined ? count : count + positionIn(block, rank);
    },

    nextAfter(rank) {
      const behind = { priority: rank.priority, seq: rank.seq + 1 };
      const block = blocks[blockFor(behind)];
      return block?.[positionIn(block, behind)] ?? null;
    },
  };
}

/** Index of the first job that does not come before the rank. */
function positionIn(block: readonly QueuedJob[], rank: Rank): number {
  return lowestIndex(block.length, (index) => {
    const job = block[index];
    return job !== undefined && compareRank(job, rank) >= 0;
  });
}

/** The lowest index below `length` from which on the condition holds; `length` where it never does. */
export function lowestIndex(length: number, holdsAt: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holdsAt(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
