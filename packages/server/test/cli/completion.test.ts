import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runDrover } from './fixture/run-drover.ts';

/** What bash offers for the last of these words. */
function offered(script: string, words: readonly string[]): string[] {
  const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
  const program = `${script}\n${line}; _drover; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', program]).toString().split('\n').filter(Boolean);
}

describe('completion', () => {
  it('bash offers commands, and the flags of each', async () => {
    const { code, stdout } = await runDrover(['completion', 'bash']);
    expect(code).toBe(0);
    expect(offered(stdout, ['drover', 'st'])).toEqual(['status', 'stop']);
    expect(offered(stdout, ['drover', 'submit', '--num'])).toEqual(['--num-cpus', '--num-gpus']);
    expect(offered(stdout, ['drover', 'serve', '--data'])).toEqual(['--data-dir']);
    expect(offered(stdout, ['drover', 'list', '--num'])).toEqual([]);
    expect(offered(stdout, ['drover', 'submit', 'mai'])).toEqual([]);
    for (const command of ['stop', 'retry', 'delete', 'list']) {
      expect(offered(stdout, ['drover', command, '--f'])).toEqual(['--filter']);
    }
    expect(offered(stdout, ['drover', 'delete', '--y'])).toEqual(['--yes']);
    expect(offered(stdout, ['drover', 'submit', 'main.py', '--num'])).toEqual(['--num-cpus', '--num-gpus']);
  });

  it('bash offers the values that a flag takes', async () => {
    const { stdout } = await runDrover(['completion', 'bash']);
    expect(offered(stdout, ['drover', 'list', '--sort', '-'])).toEqual(['-submitted_at', '-ended_at', '-id']);
    expect(offered(stdout, ['drover', 'list', '--sort', 'e'])).toEqual(['ended_at']);
    expect(offered(stdout, ['drover', 'list', '--limit', '3', '--sort', 'i'])).toEqual(['id']);
    expect(offered(stdout, ['drover', 'list', '--sort', 'id', '--li'])).toEqual(['--limit']);
  });

  it('bash offers what stands behind a command, and the flags of that', async () => {
    const { stdout } = await runDrover(['completion', 'bash']);
    expect(offered(stdout, ['drover', 'tenant', ''])).toEqual(['list', 'show', 'set', 'reset']);
    expect(offered(stdout, ['drover', 'queue', 'd'])).toEqual(['drain', 'delete']);
    expect(offered(stdout, ['drover', 'queue', '--js'])).toEqual(['--json']);
    expect(offered(stdout, ['drover', 'queue', 'set', '--max-r'])).toEqual(['--max-running', '--max-retries']);
    expect(offered(stdout, ['drover', 'submit', '--after'])).toEqual(['--after', '--after-any', '--after-success']);
    expect(offered(stdout, ['drover', 'submit', '--no'])).toEqual(['--no-retry-on']);
    expect(offered(stdout, ['drover', 'queue', 'set', 'train', '--max-t'])).toEqual(['--max-time-limit']);
    expect(offered(stdout, ['drover', 'queue', 'list', '--max'])).toEqual([]);
    expect(offered(stdout, ['drover', 'queue', 'list', 'd'])).toEqual([]);
  });

  it('zsh and fish have scripts of their own', async () => {
    const zsh = (await runDrover(['completion', 'zsh'])).stdout;
    expect(zsh).toMatch(/bashcompinit[\s\S]+complete -o default -F _drover drover/);
    const fish = (await runDrover(['completion', 'fish'])).stdout;
    expect(fish).toContain("complete -c drover -n '__fish_use_subcommand' -f -a submit -d 'hand in a job'\n");
    expect(fish).toMatch(/^complete -c drover -n '__fish_seen_subcommand_from submit; .*' -l working-dir$/m);
  });

  it('fish offers what stands behind a command, and the flags of that', async (ctx) => {
    const { stdout } = await runDrover(['completion', 'fish']);
    const offered = (line: string) => {
      const program = `${stdout}\ncomplete -C '${line}'`;
      return spawnSync('fish', ['-N', '-c', program]).stdout.toString().match(/^\S+/gm) ?? [];
    };
    if (spawnSync('fish', ['--version']).status !== 0) ctx.skip('fish is missing');
    expect(offered('drover qu')).toEqual(['queue']);
    expect(offered('drover tenant ')).toEqual(['list', 'reset', 'set', 'show']);
    expect(offered('drover queue set --max-ru')).toEqual(['--max-running']);
    expect(offered('drover list --se')).toEqual(['--search']);
    expect(offered('drover queue list --se')).toEqual([]);
    expect(offered('drover list --sort e')).toEqual(['ended_at']);
  });

  it('another shell is refused with those there are', async () => {
    const { code, stderr } = await runDrover(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are bash, zsh, fish');
  });
});
