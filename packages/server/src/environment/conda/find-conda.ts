import { findProgram } from '../find-program.ts';

/** What makes conda environments on this machine: an absolute path, or why there is none. */
export type CondaSearch = { found: true; path: string } | { found: false; reason: string };

/** All three know `env create` and `env list`. The first has the environments that jobs name, where there are several. */
const NAMES = ['conda', 'mamba', 'micromamba'];

/**
 * Looks for conda, without running it; once, at start.
 *
 * @param configured a path or a name; null to look for any of the three
 * @param searchPath as in `PATH`
 */
export async function findConda(configured: string | null, searchPath: string): Promise<CondaSearch> {
  for (const name of configured === null ? NAMES : [configured]) {
    const path = await findProgram(name, searchPath);
    if (path !== null) return { found: true, path };
  }
  const reason =
    configured === null
      ? "the server's PATH has none of them"
      : `there is no program '${configured}' that the server can execute`;
  return { found: false, reason };
}
