/** What a shell can complete behind `drover`. */
export interface CompletionEntry {
  name: string;
  summary: string;
  /** Long flags, with their dashes. */
  flags: readonly string[];
}

export const COMPLETED_SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletedShell = (typeof COMPLETED_SHELLS)[number];

/** A script for the shell: commands, and the flags of each; files everywhere else. */
export function completionScript(shell: CompletedShell, entries: readonly CompletionEntry[]): string {
  if (shell === 'fish') return fishScript(entries);
  // zsh takes bash's functions.
  const prelude =
    shell === 'zsh' ? 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n' : '';
  return prelude + bashScript(entries);
}

function bashScript(entries: readonly CompletionEntry[]): string {
  const cases = entries.map(({ name, flags }) => `    ${name}) words='${flags.join(' ')}' ;;`);
  return `_drover() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${entries.map(({ name }) => name).join(' ')}' -- "$word"))
    return
  fi
  case $word in -*) ;; *) return ;; esac
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _drover drover
`;
}

function fishScript(entries: readonly CompletionEntry[]): string {
  const lines = entries.flatMap(({ name, summary, flags }) => [
    `complete -c drover -n __fish_use_subcommand -f -a ${name} -d '${summary.replaceAll("'", "\\'")}'`,
    ...flags.map((flag) => `complete -c drover -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
  ]);
  return `${lines.join('\n')}\n`;
}
