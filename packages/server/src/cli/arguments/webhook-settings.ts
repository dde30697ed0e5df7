import type { WebhookSettings } from '@drover/client/webhook';
import type { Command } from 'commander';
import { collectPair } from './option-values.ts';

export interface SettingOptions {
  description?: string;
  /** Empty: all. */
  event?: string[];
  tenant?: string;
  queue?: string;
  /** Empty: all. */
  status?: string[];
  metadata?: Record<string, string>;
}

/** Takes a filter away. */
const NONE = 'none';

export function addSettingOptions(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('--event <type>', 'events of this type, such as ended (repeatable, or with commas)', collectWords)
    .option('--status <status>', 'ends as SUCCEEDED, FAILED or STOPPED, and nothing else (likewise)', collectStatuses)
    .option('--tenant <tenant>', 'events of jobs of this tenant')
    .option('--queue <queue>', 'events of jobs in this queue')
    .option('--metadata <K=V>', 'events of jobs with this in their metadata (repeatable)', collectPairs);
}

/** What the options name, and nothing else. */
export function settingsOf({ description, event, tenant, queue, status, metadata }: SettingOptions): WebhookSettings {
  return {
    ...(description === undefined ? {} : { description }),
    ...(event === undefined ? {} : { events: event.length === 0 ? null : event }),
    ...(tenant === undefined ? {} : { tenant: tenant === NONE ? null : tenant }),
    ...(queue === undefined ? {} : { queue: queue === NONE ? null : queue }),
    ...(status === undefined ? {} : { statuses: status.length === 0 ? null : status }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function collectWords(value: string, previous: readonly string[] = []): string[] {
  return value === NONE ? [] : [...previous, ...value.split(',').map((word) => word.trim())];
}

function collectStatuses(value: string, previous?: readonly string[]): string[] {
  return collectWords(value === NONE ? value : value.toUpperCase(), previous);
}

function collectPairs(value: string, previous?: Readonly<Record<string, string>>): Record<string, string> {
  return value === NONE ? {} : collectPair(value, previous);
}
