import type { JsonObject } from '@drover/client/job';
import type { Command } from 'commander';
import { UsageError } from '../usage-error.ts';
import { collectText } from './option-values.ts';

/** The options by which an engine is chosen, as commander parsed them. */
export interface EngineOptions {
  engine?: string;
  engineOption?: string[];
}

/** Adds `--engine` and `--engine-option`. @param whose what they are for */
export function addEngineOptions(command: Command, whose: string): Command {
  return command
    .option('--engine <engine>', `what runs ${whose}, such as a cluster; drover cluster names them`)
    .option('--engine-option <K=V>', 'what is asked of that engine alone; V is JSON or text (repeatable)', collectText);
}

/** The pairs as one object; undefined where there are none. */
export function engineOptionsOf({ engineOption: pairs }: EngineOptions): JsonObject | undefined {
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`--engine-option ${pair}: it must look like KEY=VALUE`);
      return [pair.slice(0, at), parsedValue(pair.slice(at + 1))];
    }),
  );
}

/** `2`, `true` and `["a"]` are what they are in JSON; what is none is a text. */
function parsedValue(text: string): JsonObject[string] {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
