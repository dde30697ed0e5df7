import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';

/** What stands in a file, or the problem with it. */
export type ConfigFile = { values: Readonly<Record<string, unknown>> } | { problem: string };

/** Reads JSON from `*.json` and YAML from any other file. An empty file configures nothing. */
export function readConfigFile(path: string): ConfigFile {
  let content: unknown;
  try {
    const source = readFileSync(path, 'utf8');
    content = path.endsWith('.json') ? JSON.parse(source) : parseYaml(source);
  } catch (error) {
    return { problem: `the file ${path} cannot be read: ${error instanceof Error ? error.message.trim() : error}` };
  }
  if (content === null || content === undefined) return { values: {} };
  if (typeof content !== 'object' || Array.isArray(content)) {
    return { problem: `the file ${path} must hold keys with their values` };
  }
  return { values: { ...content } };
}
