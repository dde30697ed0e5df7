import { spawnSync } from 'node:child_process';

/** What the README's tour tells the reader to type, and the answers that it shows. */
export interface Tour {
  /** As they stand there, in their order, comments included. */
  commands: string[];
  /** The blocks marked `json`, parsed. */
  answers: unknown[];
}

/** @throws {Error} where the README has no tour, or a block in it that is neither commands nor an answer. */
export function readTour(readme: string): Tour {
  const section = /^## A tour\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(readme)?.[1];
  if (section === undefined) throw new Error('the README has no section "A tour"');
  const tour: Tour = { commands: [], answers: [] };
  for (const [, language, text = ''] of section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
    if (language === 'sh') tour.commands.push(...splitCommands(text));
    else if (language === 'json') tour.answers.push(JSON.parse(text));
    else throw new Error(`the tour has a block of '${language}', which nothing tests`);
  }
  return tour;
}

/** The commands of all blocks marked `sh`, as {@link Tour} has them. */
export function readCommands(page: string): string[] {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, text = '']) => splitCommands(text));
}

/** A command goes on to the next line behind a backslash, and where the shell finds it incomplete. */
function splitCommands(script: string): string[] {
  const commands: string[] = [];
  let command = '';
  for (const line of script.split('\n')) {
    command += command === '' ? line : `\n${line}`;
    if (command.trim() === '') command = '';
    else if (!line.endsWith('\\') && isComplete(command)) {
      commands.push(command);
      command = '';
    }
  }
  if (command !== '') throw new Error(`the tour has a command without an end: ${command}`);
  return commands;
}

function isComplete(command: string): boolean {
  return spawnSync('sh', ['-n', '-c', command]).status === 0;
}
