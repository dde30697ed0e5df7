import { Counter, type Registry } from 'prom-client';
import { END_CODES } from '../errors/end-codes.ts';
import { isElement } from '../job/array.ts';
import type { JobEvent } from '../job/event.ts';
import { DOORS, type Job } from '../job/job.ts';

/** Counts what happens to jobs; answers what is to hear of every commit. */
export function createJobCounts(registry: Registry): (job: Job, event: JobEvent | null) => void {
  const registers = [registry];
  const submitted = new Counter({
    name: 'drover_jobs_submitted_total',
    help: 'Jobs that were accepted, by the API that they came through',
    ...{ labelNames: ['door'], registers },
  });
  const elements = new Counter({
    name: 'drover_array_elements_total',
    help: 'Elements of arrays whose turn has come, and that became jobs',
    registers,
  });
  const handedOver = new Counter({
    name: 'drover_attempts_handed_over_total',
    help: 'Attempts that were given to an engine to start',
    registers,
  });
  const withdrawn = new Counter({
    name: 'drover_attempts_withdrawn_total',
    help: 'Attempts that were taken back before they had a driver; their jobs wait again',
    registers,
  });
  const retried = new Counter({
    name: 'drover_attempts_retried_total',
    help: 'Attempts that have failed and were followed by another, by what they ended with',
    ...{ labelNames: ['code'], registers },
  });
  const ended = new Counter({
    name: 'drover_jobs_ended_total',
    help: 'Jobs that have ended, by status and end code',
    ...{ labelNames: ['status', 'code'], registers },
  });
  const removed = new Counter({
    name: 'drover_jobs_removed_total',
    help: 'Ended jobs that were deleted, on request or by retention',
    registers,
  });

  // From the beginning, so that the first one is seen as an increase.
  for (const door of DOORS) submitted.inc({ door }, 0);
  for (const code of Object.keys(END_CODES)) {
    const status = usualStatus(code);
    ended.inc({ status, code }, 0);
    if (status === 'FAILED') retried.inc({ code }, 0);
  }

  return (job, event) => {
    switch (event?.type) {
      case undefined:
        return removed.inc();
      case 'submitted':
        return isElement(job) ? elements.inc() : submitted.inc({ door: job.door });
      case 'handed_over':
        return handedOver.inc();
      case 'withdrawn':
        return withdrawn.inc();
      case 'retrying':
        return retried.inc({ code: job.retry?.last.end.code ?? 'NONE' });
      case 'ended':
        return ended.inc({ status: job.status, code: job.end?.code ?? 'NONE' });
    }
  };
}

function usualStatus(code: string): string {
  if (code === 'NONE') return 'SUCCEEDED';
  return code === 'STOPPED' ? 'STOPPED' : 'FAILED';
}
