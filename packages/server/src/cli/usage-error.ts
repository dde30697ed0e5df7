/** What was asked for cannot be meant; exit code 2, as for commander's own errors. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}
