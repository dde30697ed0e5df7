/** A job was deleted while somebody followed it or waited for it; exit code 125, since how it ended is not known any more. */
export class JobDeletedError extends Error {
  constructor(id: string) {
    super(`job '${id}' was deleted meanwhile: how it ended is not known any more`);
    this.name = 'JobDeletedError';
  }
}
