import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The user that jobs of test clusters run as: slurmrestd refuses to be root, and its jobs are those of its user. */
export const JOB_USER = 'drover-test';

const PROGRAMS: Readonly<Record<string, string>> = {
  '/usr/sbin/slurmctld': 'slurmctld',
  '/usr/sbin/slurmd': 'slurmd',
  '/usr/sbin/slurmrestd': 'slurmrestd',
  '/usr/bin/sbatch': 'slurm-client',
  '/usr/sbin/munged': 'munge',
};
/** Not `mariadb-server`, which starts one for the whole machine. */
const ACCOUNTING_PROGRAMS: Readonly<Record<string, string>> = {
  '/usr/sbin/slurmdbd': 'slurmdbd',
  '/usr/sbin/mariadbd': 'mariadb-server-core',
};
/** Holds the plugins; that of JWT is a package of its own. */
const JWT_PLUGIN = /auth_jwt\.so$/;

/**
 * Sees to it that a Slurm can be brought up here, installing Debian's packages where that is allowed. Answers what is missing, as a
 * sentence; null where nothing is.
 *
 * @param mayInstall needs root and apt-get; takes some 20 s, once
 */
export function provideSlurm(mayInstall: boolean): string | null {
  if (process.getuid?.() !== 0) return 'a Slurm for tests needs root';
  const packages = [...missingOf(PROGRAMS), ...missingPlugins()];
  const hasUser = run('id', JOB_USER) === null;
  if (packages.length === 0 && hasUser) return null;
  if (!mayInstall) {
    const what = packages.length > 0 ? `the packages ${packages.join(', ')}` : `the user ${JOB_USER}`;
    return `a Slurm for tests needs ${what}; DROVER_TEST_INSTALL=1 allows to add them`;
  }
  return (packages.length > 0 ? install(packages) : null) ?? (hasUser ? null : addUser());
}

/**
 * The same for what a cluster with accounting needs besides.
 *
 * @param mayInstall as for {@link provideSlurm}
 */
export function provideAccounting(mayInstall: boolean): string | null {
  const packages = missingOf(ACCOUNTING_PROGRAMS);
  if (packages.length === 0) return null;
  if (mayInstall) return install(packages);
  return `Slurm's accounting for tests needs the packages ${packages.join(', ')}; DROVER_TEST_INSTALL=1 allows to add them`;
}

function missingOf(programs: Readonly<Record<string, string>>): string[] {
  return Object.entries(programs).flatMap(([program, name]) => (existsSync(program) ? [] : [name]));
}

function missingPlugins(): string[] {
  const plugins = spawnSync('find', ['/usr/lib', '/usr/lib64', '-name', 'auth_jwt.so'], { encoding: 'utf8' });
  return plugins.stdout.split('\n').some((path) => JWT_PLUGIN.test(path)) ? [] : ['slurm-wlm-jwt-plugin'];
}

function install(packages: readonly string[]): string | null {
  if (!existsSync('/usr/bin/apt-get')) return 'a Slurm for tests is installed with apt-get, which is not here';
  const flags = ['-qq', '-o', 'Dpkg::Use-Pty=0'];
  return (
    run('apt-get', ...flags, 'update') ??
    run('apt-get', ...flags, 'install', '--yes', '--no-install-recommends', ...packages)
  );
}

function addUser(): string | null {
  return run('useradd', '--system', '--no-create-home', '--shell', '/bin/sh', JOB_USER);
}

/** Null where the command did what it should, else what it said. */
function run(program: string, ...args: string[]): string | null {
  const { status, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return null;
  return `${program} ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`;
}
