/**
 * Codes of errors that the command line finds itself, as `--json` writes them: what they mean, what the user can do, and
 * the exit code. `docs/errors.md` is generated from this table.
 */
export const CLI_CODES = {
  USAGE: {
    meaning: 'What was asked for cannot be meant; nothing was sent.',
    remedy: 'Correct the named option or argument; `drover COMMAND --help` shows what is possible.',
    exitCode: 2,
  },
  INVALID_CONFIGURATION: {
    meaning: '`drover serve` cannot use its configuration; nothing was started.',
    remedy: 'Correct every key that the message names; docs/configuration.md has them all.',
    exitCode: 2,
  },
  UNREACHABLE: {
    meaning: 'No server answered, or the connection broke before the answer was whole.',
    remedy:
      'Start the server, or name another with --address or DROVER_ADDRESS. After a submit list the jobs first: it may have arrived.',
    exitCode: 1,
  },
  UNEXPECTED_ANSWER: {
    meaning: "What answered does not speak Drover's API.",
    remedy: 'See whether --address or DROVER_ADDRESS names a Drover server, and what stands between.',
    exitCode: 1,
  },
  JOB_DELETED: {
    meaning: 'The job was deleted while it was followed or waited for, so how it ended is not known any more.',
    remedy: 'Find out who deletes jobs that others wait for, or look for what the driver left behind.',
    exitCode: 125,
  },
  FAULT: {
    meaning: 'The command failed for a reason of this machine, or by a fault of the program; the message says which.',
    remedy: 'Remove the cause that is named; report what looks like a fault of the program.',
    exitCode: 1,
  },
} as const satisfies Record<string, { meaning: string; remedy: string; exitCode: number }>;

export type CliCode = keyof typeof CLI_CODES;
