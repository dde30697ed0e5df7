/** What a shell can complete behind `drover`. */
export interface CompletionEntry {
  name: string;
  summary: string;
  /** Long flags, with their dashes. */
  flags: readonly CompletedFlag[];
  /** What stands behind it; none for most. These have no further ones. */
  commands: readonly CompletionEntry[];
}

export interface CompletedFlag {
  name: string;
  /** All values that it takes; empty where it takes others, or none. */
  choices: readonly string[];
}

export const COMPLETED_SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletedShell = (typeof COMPLETED_SHELLS)[number];

/** A script for the shell: commands, the flags of each, and their values where they are few; files everywhere else. */
export function completionScript(shell: CompletedShell, entries: readonly CompletionEntry[]): string {
  if (shell === 'fish') return fishScript(entries);
  // zsh takes bash's functions.
  const prelude =
    shell === 'zsh' ? 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n' : '';
  return prelude + bashScript(entries);
}

function bashScript(entries: readonly CompletionEntry[]): string {
  return `_drover() {
  local word=\${COMP_WORDS[COMP_CWORD]} words= flags= choices= before=$((COMP_CWORD - 1))
  COMPREPLY=()
  [ "$before" -gt 2 ] && before=2
  case \${COMP_WORDS[*]:1:$before} in
    '') words='${namesOf(entries)}' ;;
${entries.flatMap(bashCases).join('\n')}
  esac
  case "\${COMP_WORDS[*]:1:$before} \${COMP_WORDS[COMP_CWORD-1]}" in
${entries.flatMap((entry) => bashChoices(entry)).join('\n')}
  esac
  if [ -n "$choices" ]; then
    COMPREPLY=($(compgen -W "$choices" -- "$word"))
    return
  fi
  case $word in -*) words="$words $flags" ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _drover drover
`;
}

function bashCases({ name, flags, commands }: CompletionEntry): string[] {
  const listed = `flags='${namesOf(flags)}'`;
  if (commands.length === 0) return [`    ${name}|${name}\\ *) ${listed} ;;`];
  return [
    `    ${name}) words='${namesOf(commands)}' ${listed} ;;`,
    ...commands.map((below) => `    ${name}\\ ${below.name}) flags='${namesOf(below.flags)}' ;;`),
  ];
}

/** By the command and the word before the cursor. */
function bashChoices({ name, flags, commands }: CompletionEntry, above = ''): string[] {
  const own = flags
    .filter(({ choices }) => choices.length > 0)
    .map((flag) => `    ${above}${name}\\ *${flag.name}) choices='${flag.choices.join(' ')}' ;;`);
  return [...own, ...commands.flatMap((below) => bashChoices(below, `${name}\\ `))];
}

function fishScript(entries: readonly CompletionEntry[]): string {
  const groups = entries.filter(({ commands }) => commands.length > 0);
  // `drover queue list` has the word `list` too.
  const behindNone = `not ${seen(groups)}`;
  const lines = entries.flatMap((entry) => [
    fishCommand('__fish_use_subcommand', entry),
    ...fishFlags(entry.commands.length === 0 ? `${seen([entry])}; and ${behindNone}` : seen([entry]), entry),
    ...entry.commands.flatMap((below) => [
      fishCommand(`${seen([entry])}; and not ${seen(entry.commands)}`, below),
      ...fishFlags(`${seen([entry])}; and ${seen([below])}`, below),
    ]),
  ]);
  return `${lines.join('\n')}\n`;
}

function fishCommand(condition: string, { name, summary }: CompletionEntry): string {
  return `complete -c drover -n '${condition}' -f -a ${name} -d '${summary.replaceAll("'", "\\'")}'`;
}

function fishFlags(condition: string, { flags }: CompletionEntry): string[] {
  return flags.map(({ name, choices }) => {
    const values = choices.length === 0 ? '' : ` -x -a '${choices.join(' ')}'`;
    return `complete -c drover -n '${condition}' -l ${name.slice(2)}${values}`;
  });
}

function seen(entries: readonly CompletionEntry[]): string {
  return `__fish_seen_subcommand_from ${namesOf(entries)}`;
}

function namesOf(entries: readonly { name: string }[]): string {
  return entries.map(({ name }) => name).join(' ');
}
