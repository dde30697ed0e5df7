import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { classifyError } from '../refusals.ts';
import { SlurmError } from '../slurm-client.ts';

export interface CommandRunner {
  /**
   * Runs one of Slurm's commands and answers what it printed.
   *
   * @param environment the command's whole environment beyond what finds Slurm; sbatch hands it on to the job
   */
  run(program: string, args: readonly string[], input?: string, environment?: Record<string, string>): Promise<string>;
}

export interface CommandRunnerOptions {
  /** Null: they are in PATH. */
  directory: string | null;
  slurmConf: string | null;
  path: string;
}

/** sbatch itself gives up on a dead controller after some 10 s. */
const ANSWER_WITHIN_MS = 60_000;
const LARGEST_OUTPUT_BYTES = 256 * 2 ** 20;

export function createCommandRunner({ directory, slurmConf, path }: CommandRunnerOptions): CommandRunner {
  const own = slurmConf === null ? {} : { SLURM_CONF: slurmConf };
  return {
    run(program, args, input, environment = {}) {
      return new Promise((resolve, reject) => {
        const child = execFile(
          directory === null ? program : join(directory, program),
          args,
          {
            env: { PATH: path, ...environment, ...own },
            cwd: '/',
            timeout: ANSWER_WITHIN_MS,
            maxBuffer: LARGEST_OUTPUT_BYTES,
          },
          (error, stdout, stderr) => {
            if (error === null) resolve(stdout);
            else reject(failureOf(program, error, stderr));
          },
        );
        // It may refuse its options without having read what comes.
        child.stdin?.on('error', () => undefined);
        child.stdin?.end(input ?? '');
      });
    },
  };
}

function failureOf(program: string, error: Error, stderr: string): SlurmError {
  const said = stderr
    .split('\n')
    .map((line) => line.replace(/^\w+: (error: )?/, '').trim())
    .filter((line) => line !== '');
  if (said.length === 0) return new SlurmError('unknown', `${program}: ${error.message}`, { cause: error });
  const text = said.join('; ');
  return new SlurmError(classifyError(null, text), text, { cause: error });
}
