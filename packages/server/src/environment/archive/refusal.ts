import { EnvironmentFailure } from '../environment.ts';
import { quote } from '../plan/checked.ts';

/** `problem` reads on after the archive's name: `is not a zip archive`. */
export function refuseArchive(uri: string, problem: string, cause?: unknown): EnvironmentFailure {
  return new EnvironmentFailure(`${uri} ${problem}`, cause === undefined ? undefined : { cause });
}

/** `problem` reads on after the member's name: `is encrypted`. */
export function refuseMember(uri: string, member: string, problem: string, cause?: unknown): EnvironmentFailure {
  return refuseArchive(uri, `is refused: its member ${quote(member)} ${problem}`, cause);
}
