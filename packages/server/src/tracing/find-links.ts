import { isElement } from '../job/array.ts';
import type { Job } from '../job/job.ts';
import { type JobTrace, traceOf } from './job-trace.ts';
import type { SpanLink } from './span.ts';

/** The jobs that a job has to do with, as links to their spans: its array, those it waited for, the one it repeats. What was deleted is left out. */
export async function findLinks(
  job: Job,
  nodeId: string,
  get: (id: string) => Promise<Job | null>,
  isSampled: (trace: JobTrace) => boolean,
): Promise<SpanLink[]> {
  const { element, after = [], retryOf } = job.spec;
  const related: [relation: string, id: string][] = after.map(({ jobId, condition }) => [`after_${condition}`, jobId]);
  if (element !== undefined && isElement(job)) related.push(['element_of', element.arrayId]);
  if (retryOf !== undefined) related.push(['retry_of', retryOf]);
  const links: SpanLink[] = [];
  for (const [relation, id] of related) {
    const other = await get(id);
    if (other === null) continue;
    const trace = traceOf(other, nodeId);
    const attributes = { 'drover.relation': relation, 'drover.job.id': id };
    links.push({ traceId: trace.traceId, spanId: trace.spanId, isSampled: isSampled(trace), attributes });
  }
  return links;
}
