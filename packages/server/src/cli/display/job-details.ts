import type { Job } from '@drover/client/job';
import { LOCAL_ENGINE } from '../../engine/engine.ts';
import { DEFAULT_QUEUE } from '../../queue/queue.ts';
import { describeArray } from './array-progress.ts';
import { conditionFields } from './condition-fields.ts';
import { type Field, fieldLines } from './fields.ts';
import { describeReason, runTime } from './job-rows.ts';
import { statusPaint } from './paint.ts';
import { retryFields } from './retry-fields.ts';
import { formatAgo, formatLocalTime } from './times.ts';

/** `drover status` for people: one field per line, those left out that say nothing. */
export function jobDetails(job: Job, nowMs: number, stream: NodeJS.WriteStream): string {
  const time = (at: string | null) =>
    at === null ? null : `${formatLocalTime(at)} (${formatAgo(Date.parse(at), nowMs)})`;
  const { working_dir: workingDir, ...environment } = job.runtime_env;
  const fields: Field[] = [
    ['id', job.id],
    ['status', job.status, { paint: statusPaint(job.status, stream) }],
    ['elements', describeArray(job)],
    ['at once', job.array?.max_running == null ? null : `at most ${job.array.max_running}`],
    ['why pending', describeReason(job)],
    [
      'end',
      job.end === null || job.end.code === 'NONE' ? null : `${job.end.code}: ${job.end.message}`,
      { hasLines: true },
    ],
    ['exit code', job.end?.exit_code == null ? null : String(job.end.exit_code)],
    ...retryFields(job, nowMs),
    ['command', job.entrypoint],
    ['submitted', time(job.submitted_at)],
    ['started', time(job.started_at)],
    ['ended', time(job.ended_at)],
    [job.ended_at === null ? 'runs for' : 'ran for', runTime(job, nowMs)],
    ['stop asked', job.stop === null ? null : `${time(job.stop.requested_at)}: ${job.stop.reason}`],
    ['not yet', job.stop?.trouble ?? null],
    [
      'attempt',
      job.attempt === null ? null : `${job.attempt.id} (number ${job.attempt.number}, ${job.attempt.engine})`,
    ],
    ['node', describeNode(job)],
    ['process', job.attempt?.driver_pid == null ? null : String(job.attempt.driver_pid)],
    ['gpus', job.attempt?.gpus.join(', ') || null],
    ['resources', describeResources(job) || null],
    ['queue', job.queue === DEFAULT_QUEUE ? null : job.queue],
    ['engine', job.attempt !== null || job.engine === LOCAL_ENGINE ? null : job.engine],
    ['engine asked', Object.keys(job.engine_options).length === 0 ? null : JSON.stringify(job.engine_options)],
    ['priority', job.priority === 0 ? null : String(job.priority)],
    ...conditionFields(job),
    ['element', describeElement(job)],
    ['schedule', describeSchedule(job)],
    ['copy of', job.retry_of],
    ['labels', job.labels.join(', ') || null],
    ['metadata', describePairs(job.metadata) || null],
    ['working dir', typeof workingDir === 'string' ? workingDir : null],
    ['environment', Object.keys(environment).length === 0 ? null : JSON.stringify(environment)],
    ['tenant', job.tenant],
    ['came through', job.door],
  ];
  return fieldLines(fields, stream);
}

function describeNode({ attempt }: Job): string | null {
  return attempt === null || attempt.node_id === null ? null : `${attempt.node_id} (${attempt.node_address})`;
}

function describeElement({ element }: Job): string | null {
  return element === null ? null : `${element.index} of array ${element.array} (0 to ${element.size - 1})`;
}

function describeSchedule({ schedule }: Job): string | null {
  if (schedule === null) return null;
  const { name, scheduled_at: at } = schedule;
  return `${name}, ${at === null ? 'by hand' : `for ${formatLocalTime(at)}`}`;
}

function describeResources({ resources }: Job): string {
  const amounts: [string, number][] = [
    ['cpus', resources.cpus],
    ['gpus', resources.gpus],
    ['memory bytes', resources.memory_bytes],
    ...Object.entries(resources.custom),
  ];
  return amounts.flatMap(([name, amount]) => (amount > 0 ? [`${amount} ${name}`] : [])).join(', ');
}

function describePairs(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
