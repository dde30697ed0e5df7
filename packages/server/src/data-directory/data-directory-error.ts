/** Why a data directory cannot be used; the message is a sentence for the operator, and all there is to say. */
export class DataDirectoryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DataDirectoryError';
  }
}
