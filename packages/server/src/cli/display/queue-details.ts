import type { Queue, QueueState } from '@drover/client/queue';
import { type Field, fieldLines } from './fields.ts';
import { holdingFields } from './holdings.ts';
import { statePaint } from './paint.ts';
import { formatDuration } from './times.ts';
import { visibleText } from './visible-text.ts';

const MEANINGS: Record<QueueState, string> = {
  active: 'it takes jobs and starts them',
  paused: 'it takes jobs and starts none',
  draining: 'it takes no jobs, and starts those that wait',
};

/** `drover queue show` for people. */
export function queueDetails(queue: Queue, stream: NodeJS.WriteStream): string {
  const { name, priority, state, limits, use } = queue;
  return fieldLines(
    [
      ['queue', name],
      ['state', `${state}: ${MEANINGS[state]}`, { paint: statePaint(state, stream) }],
      ['priority', String(priority)],
      ...holdingFields(use, limits),
      ['engine', queue.engine],
      ['engine asked', Object.keys(queue.engine_options).length === 0 ? null : JSON.stringify(queue.engine_options)],
      ...defaultFields(queue),
    ],
    stream,
  );
}

/** What jobs get; left out where nothing is set. */
function defaultFields({ defaults, max_time_limit_seconds: longestSeconds }: Queue): Field[] {
  const time = (seconds: number | null) => (seconds === null ? null : formatDuration(seconds * 1000));
  return [
    ['max retries', defaults.max_retries === null ? null : String(defaults.max_retries)],
    ['time limit', time(defaults.time_limit_seconds)],
    ['queue time limit', time(defaults.queue_time_limit_seconds)],
    ['setup time limit', time(defaults.setup_time_limit_seconds)],
    ['ttl', time(defaults.ttl_seconds_after_finished)],
    ['max time limit', time(longestSeconds)],
  ];
}

/** `queue train is paused: it takes jobs and starts none (2 wait, 1 runs)`. */
export function describeQueue({ name, state, use: { waiting, running } }: Queue): string {
  const verb = (count: number, word: string) => `${count} ${word}${count === 1 ? 's' : ''}`;
  return `queue ${visibleText(name)} is ${state}: ${MEANINGS[state]} (${verb(waiting, 'wait')}, ${verb(running, 'run')})`;
}
