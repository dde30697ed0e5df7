export type Warn = (message: string, cause: unknown) => void;

/** Passes on each warning that was not given before: what is tried again every few seconds may fail every few seconds. */
export function warnOnce(warn: Warn): Warn {
  const given = new Set<string>();
  return (message, cause) => {
    const warning = `${message}: ${cause}`;
    if (given.has(warning)) return;
    given.add(warning);
    warn(message, cause);
  };
}
