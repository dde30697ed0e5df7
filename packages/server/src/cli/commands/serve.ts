import type { Command } from 'commander';
import { CONFIG_KEYS, type ConfigKey, flagOf, variableOf } from '../../config/keys.ts';
import { loadConfig } from '../../config/load-config.ts';
import { reportError } from '../report-error.ts';

/** `drover serve`: every key of the configuration is a flag. */
export function defineServe(command: Command): void {
  const keys: ConfigKey<unknown>[] = Object.values(CONFIG_KEYS);
  command
    .option('--config <FILE>', 'configuration file, JSON or YAML (DROVER_CONFIG)')
    .addHelpText(
      'after',
      '\nEach flag is also a key of the configuration file and a variable, see docs/configuration.md.',
    );
  for (const key of keys) {
    const placeholder = key.placeholder.startsWith('[') ? key.placeholder : `<${key.placeholder}>`;
    command.option(
      `${flagOf(key.name)} ${placeholder}`,
      `${key.meaning.replaceAll('`', '')} (${variableOf(key.name)})`,
    );
  }

  command.action(async () => {
    // Behind the command's own flags those that stand in front of its name, such as `drover --token-file F serve`.
    const given: Record<string, unknown> = command.optsWithGlobals();
    const flags = Object.fromEntries(
      ['config', ...keys.map(({ name }) => name)].map((name) => [name, flagValue(given[attributeOf(name)])]),
    );
    const config = loadConfig({ flags, env: process.env, cwd: process.cwd() });
    const { runServer } = await import('../../server.ts');
    // Exits by itself: whatever of a server that failed halfway still holds the process must not keep it.
    try {
      await runServer(config);
      process.exit(0);
    } catch (error) {
      process.exit(reportError(error, false));
    }
  });
}

/** commander's name for the value of a flag: `max_running` → `maxRunning`. */
function attributeOf(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function flagValue(value: unknown): string | boolean | undefined {
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}
