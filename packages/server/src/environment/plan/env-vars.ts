import type { JsonValue } from '../../job/job.ts';
import { accept, type Checked, isAbsent, isJsonObject, nameType, quote, refuse } from './checked.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Linux refuses to start a program with a longer `NAME=value` and its NUL (MAX_ARG_STRLEN). */
const ENTRY_LIMIT_BYTES = 128 * 1024;

/**
 * Linux bounds all arguments and variables of a program together, usually at 2 MiB. This leaves room for the
 * entrypoint and the engine's own variables.
 */
const TOTAL_LIMIT_BYTES = 1024 * 1024;

/** A message per bad variable helps; thousands do not. */
const MESSAGE_LIMIT = 10;

/** Whether a shell can export a variable of that name. */
export function isVariableName(name: string): boolean {
  return NAME.test(name);
}

/** Reads `env_vars`: a map of names that a shell can export to strings that a program can be started with. */
export function checkEnvVars(value: JsonValue | undefined): Checked<Readonly<Record<string, string>>> {
  if (isAbsent(value)) return accept({});
  if (!isJsonObject(value)) return refuse(`must be an object of strings, not ${nameType(value)}`);

  const entries: [string, string][] = [];
  const messages: string[] = [];
  let totalBytes = 0;
  for (const [name, text] of Object.entries(value)) {
    if (messages.length === MESSAGE_LIMIT) break;
    const message = findProblem(name, text);
    if (message !== null) messages.push(message);
    else if (typeof text === 'string') {
      entries.push([name, text]);
      totalBytes += entryBytes(name, text);
    }
  }
  if (totalBytes > TOTAL_LIMIT_BYTES) {
    messages.push(
      `has ${totalBytes} bytes in all; at most ${TOTAL_LIMIT_BYTES} are allowed: put large data into a file`,
    );
  }
  // fromEntries, since an assignment to the valid name __proto__ would be lost.
  return messages.length > 0 ? refuse(...messages) : accept(Object.fromEntries(entries));
}

function findProblem(name: string, text: JsonValue): string | null {
  if (!isVariableName(name)) {
    return `has the name ${quote(name)}: a name consists of ASCII letters, digits and _, and does not begin with a digit`;
  }
  if (typeof text !== 'string') return `has ${nameType(text)} as the value of ${quote(name)}: a value must be a string`;
  if (text.includes('\0')) return `has a NUL character in the value of ${quote(name)}, which no variable can hold`;
  const bytes = entryBytes(name, text);
  if (bytes > ENTRY_LIMIT_BYTES) {
    return `has ${bytes} bytes in ${quote(name)}; a variable with its name may have ${ENTRY_LIMIT_BYTES} (128 KiB)`;
  }
  return null;
}

/** `NAME=value` and the NUL after it. */
function entryBytes(name: string, text: string): number {
  return Buffer.byteLength(name) + Buffer.byteLength(text) + 2;
}
