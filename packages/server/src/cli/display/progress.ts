import type { Job } from '@drover/client/job';
import { note } from '../output.ts';
import { describeArray, endedElements } from './array-progress.ts';
import { describeReason, runTime } from './job-rows.ts';
import { createSpinner, type Spinner } from './spinner.ts';
import { visibleText } from './visible-text.ts';

/** Shows on stderr where a job stands that somebody waits for. */
export interface Progress {
  update(job: Job): void;
  /** Makes room for other output. */
  clear(): void;
}

/**
 * On a terminal a moving line with the reason while the job waits, and (unless its output is shown) while it runs; of an array how far it is.
 * Elsewhere one line per kind of reason, and per tenth of an array, so that a log of a CI run stays short.
 */
export function createProgress(options: { showsOutput: boolean; isSilent: boolean }): Progress {
  if (options.isSilent) return { update: () => {}, clear: () => {} };
  return process.stderr.isTTY ? movingProgress(createSpinner(process.stderr), options.showsOutput) : linedProgress();
}

function movingProgress(spinner: Spinner, showsOutput: boolean): Progress {
  return {
    update(job) {
      if (job.status === 'PENDING') {
        spinner.show(() => visibleText(`${job.id} PENDING: ${describeReason(job) ?? 'about to start'}`));
      } else if (job.status === 'RUNNING' && job.array !== null) {
        spinner.show(() => visibleText(`${job.id} RUNNING: ${describeArray(job)}`));
      } else if (job.status === 'RUNNING' && !showsOutput) {
        spinner.show(() => visibleText(`${job.id} runs for ${runTime(job, Date.now()) ?? 'a moment'}`));
      } else {
        spinner.clear();
      }
    },
    clear: () => spinner.clear(),
  };
}

/** Waits as short as those that every job has are not worth a line. */
const SHORT_WAIT_MS = 900;

function linedProgress(): Progress {
  const beganAtMs = Date.now();
  let lastCode: string | null = null;
  let lastTenth = 0;
  return {
    update(job) {
      if (Date.now() - beganAtMs < SHORT_WAIT_MS) return;
      const code = job.status === 'PENDING' ? (job.pending_reason?.code ?? null) : null;
      if (code !== null && code !== lastCode) note(visibleText(`${job.id} PENDING: ${describeReason(job)}`));
      lastCode = code;
      const tenth = job.array === null ? 0 : Math.floor((10 * endedElements(job.array)) / job.array.size);
      if (tenth > lastTenth) note(visibleText(`${job.id} ${job.status}: ${describeArray(job)}`));
      lastTenth = tenth;
    },
    clear: () => {},
  };
}
