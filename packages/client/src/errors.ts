/** The server answered, and the answer is no. Match on `code`: it is stable, the words are not. */
export class DroverApiError extends Error {
  /** Code of the catalogue (`docs/errors.md`), or `UNEXPECTED_ANSWER` where what answered is not Drover. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** The same for every occurrence of the code. */
  readonly title: string;
  /** What was wrong this time. */
  readonly detail: string;
  /** With `JOB_NOT_FOUND`: ids that are nearly alike. */
  readonly similarIds: readonly string[];

  constructor(answer: { code: string; status: number; title: string; detail: string; similarIds: readonly string[] }) {
    super(answer.detail);
    this.name = 'DroverApiError';
    this.code = answer.code;
    this.status = answer.status;
    this.title = answer.title;
    this.detail = answer.detail;
    this.similarIds = answer.similarIds;
  }
}

/** No server answered, or the connection broke before the answer was whole. `cause` is what the request failed with. */
export class DroverUnreachableError extends Error {
  readonly address: string;

  constructor(address: string, cause: unknown) {
    super(`no answer from ${address}: ${innermostReason(cause)}`, { cause });
    this.name = 'DroverUnreachableError';
    this.address = address;
  }

  /** The reason alone, such as `connect ECONNREFUSED 127.0.0.1:8888`. */
  get reason(): string {
    return innermostReason(this.cause);
  }
}

/** `fetch` says "fetch failed" and hides the reason in a chain of causes, at times in an AggregateError without words. */
function innermostReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return innermostReason(error.errors[0]);
  if (error.cause !== undefined) return innermostReason(error.cause);
  return tlsReason(error) ?? oneLine(error.message || error.name);
}

/** OpenSSL's own message is a place in its sources; what happened stands beside it, or within. */
function tlsReason(error: Error): string | null {
  const reason =
    'library' in error && 'reason' in error ? error.reason : /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
  if (typeof reason !== 'string') return null;
  const isPlainHttp = reason === 'wrong version number';
  return `TLS failed: ${reason}${isPlainHttp ? '; perhaps the server there speaks http, not https' : ''}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
