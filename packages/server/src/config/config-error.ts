/** What was configured cannot be used. Holds every problem that was found, not only the first. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['the configuration cannot be used:', ...problems.map((problem) => `- ${problem}`)].join('\n  '));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
