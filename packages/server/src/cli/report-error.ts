import { DroverApiError, DroverUnreachableError } from '@drover/client/errors';
import { CLI_CODES, type CliCode } from './cli-codes.ts';
import { EXIT } from './exit-codes.ts';
import { JobDeletedError } from './job-deleted-error.ts';
import { UsageError } from './usage-error.ts';

/** Says on stderr what went wrong and what can be done; answers the exit code. */
export function reportError(error: unknown, isJson: boolean): number {
  const text = isJson ? JSON.stringify(errorObject(error)) : `drover: ${errorText(error)}`;
  process.stderr.write(`${text}\n`);
  return error instanceof DroverApiError ? EXIT.failure : CLI_CODES[codeOf(error)].exitCode;
}

function errorText(error: unknown): string {
  if (error instanceof DroverUnreachableError) {
    return [
      `no server answers at ${error.address} (${error.reason})`,
      ...startHint(error.address),
      '  name another one with --address or DROVER_ADDRESS',
    ].join('\n');
  }
  if (error instanceof DroverApiError) return apiErrorText(error);
  if (!(error instanceof Error)) return String(error);
  // The language's own errors are faults of this program, and whoever repairs them needs the place. All others are
  // sentences for the user, or the system's.
  const isFault = [TypeError, RangeError, ReferenceError, SyntaxError].some((type) => error instanceof type);
  return isFault ? (error.stack ?? error.message) : error.message;
}

function apiErrorText(error: DroverApiError): string {
  switch (error.code) {
    case 'JOB_NOT_FOUND':
      return error.detail + didYouMean(error.similarIds);
    case 'UNAUTHENTICATED':
      return `${error.detail}\n  give the server's token with --token-file FILE, DROVER_TOKEN_FILE or DROVER_TOKEN`;
    case 'UNEXPECTED_ANSWER':
      return `${error.detail}\n  see whether --address or DROVER_ADDRESS names a Drover server`;
    default:
      return `${error.detail} (${error.code})`;
  }
}

function didYouMean(similarIds: readonly string[]): string {
  if (similarIds.length === 0) return '';
  return `; did you mean ${similarIds.map((id) => `'${id}'`).join(' or ')}?`;
}

/** Only a server on this machine can be started from here. */
function startHint(address: string): string[] {
  const { hostname, port } = new URL(address);
  if (!['localhost', '[::1]'].includes(hostname) && !hostname.startsWith('127.')) return [];
  return [`  start one with: drover serve${port === '8888' ? '' : ` --port ${port || '80'}`}`];
}

function errorObject(error: unknown): Record<string, unknown> {
  if (error instanceof DroverApiError) {
    const { code, status, title, detail, similarIds } = error;
    return { code, status, title, detail, ...(similarIds.length > 0 ? { similar_ids: similarIds } : {}) };
  }
  return { code: codeOf(error), detail: error instanceof Error ? error.message : String(error) };
}

/** The code of what no server has answered. */
function codeOf(error: unknown): CliCode {
  if (error instanceof DroverUnreachableError) return 'UNREACHABLE';
  if (error instanceof JobDeletedError) return 'JOB_DELETED';
  if (isConfigError(error)) return 'INVALID_CONFIGURATION';
  return error instanceof UsageError ? 'USAGE' : 'FAULT';
}

/** By name: the class comes with the loader of the configuration, which only `serve` needs. */
function isConfigError(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConfigError';
}
