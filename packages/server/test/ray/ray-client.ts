import { type ExecFileOptions, execFile } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** What a program wrote, and how it ended. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever that is. */
export function run(program: string, args: string[], options: ExecFileOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr: error === null || stderr !== '' ? stderr : error.message });
    });
  });
}

/** Ray's own client with what its SDK and its CLI import. */
const REQUIREMENTS = ['ray', 'requests', 'aiohttp', 'pydantic', 'click'];

const INSTALL_LIMIT_MS = 240_000;
const PROBE_LIMIT_MS = 20_000;

/**
 * The folder of programs of a virtual environment with Ray's client, which is built once for this user and kept; or why there
 * is none. A machine that reaches no index finds that out with one small package.
 */
export async function findRayClient(): Promise<{ bin: string } | { missing: string }> {
  const home = join(tmpdir(), `drover-test-ray-client-${userInfo().uid}`);
  const bin = join(home, 'bin');
  const complete = join(home, 'complete');
  if (await exists(complete)) return { bin };

  const probeDirectory = await mkdtemp(join(tmpdir(), 'drover-test-probe-'));
  const quick = ['--quiet', '--disable-pip-version-check', '--retries', '0', '--timeout', '5'];
  const probe = ['-m', 'pip', 'download', ...quick, '--no-deps', '--dest', probeDirectory, 'click'];
  const probed = await run('python3', probe, { timeout: PROBE_LIMIT_MS });
  await rm(probeDirectory, { recursive: true, force: true });
  if (probed.code !== 0) return { missing: `Ray's client: pip reaches no index here (${lastLine(probed.stderr)})` };

  await rm(home, { recursive: true, force: true });
  const made = await run('python3', ['-m', 'venv', home]);
  if (made.code !== 0)
    return { missing: `Ray's client: python3 makes no virtual environment (${lastLine(made.stderr)})` };
  const install = ['install', '--quiet', '--disable-pip-version-check', '--retries', '0', ...REQUIREMENTS];
  const installed = await run(join(bin, 'pip'), install, { timeout: INSTALL_LIMIT_MS });
  if (installed.code !== 0) {
    await rm(home, { recursive: true, force: true });
    return { missing: `Ray's client: pip could not install it (${lastLine(installed.stderr)})` };
  }
  await writeFile(complete, '');
  return { bin };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
