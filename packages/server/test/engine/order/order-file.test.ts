import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { cgroupsOfOrder, formatOrder, writeOrder } from '../../../src/engine/order/order-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-order-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'order');

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,10}$/).filter((value) => value !== '_' && value !== 'SHLVL');

describe.each(['/bin/sh', '/bin/bash'])('an order read by %s', (shell) => {
  it('gives the driver exactly what was ordered', (ctx) => {
    if (!existsSync(shell)) ctx.skip(`there is no ${shell}`);
    const print = 'printf "%s\\0" "$DIRECTORY"; env -0';
    fc.assert(
      fc.property(text, fc.dictionary(name, text, { maxKeys: 5 }), (workingDirectory, own) => {
        const variables = { ...own, PATH: '/usr/bin:/bin', DIRECTORY: workingDirectory };
        writeOrder(path, { cgroups: [], workingDirectory, variables, entrypoint: print });
        const script = '. "$1"; [ "$drover_directory" = "$2" ] || exit 9; drover_enter; drover_begin';
        const output = execFileSync(shell, ['-c', script, 'sh', path, workingDirectory], {
          env: {},
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const [directory, ...lines] = output.split('\0');
        expect(directory).toBe(workingDirectory.toWellFormed());
        const seen = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s)));
        for (const [key, value] of Object.entries(variables)) {
          // A shell sets these itself when it starts, whatever it was given.
          if (!['PWD', 'OLDPWD', 'IFS', 'PPID', 'OPTIND'].includes(key)) expect(seen[key]).toBe(value.toWellFormed());
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('formatOrder', () => {
  const order = { cgroups: [], workingDirectory: '/', variables: {}, entrypoint: 'true' };

  it('refuses what would not arrive', () => {
    expect(() => formatOrder({ ...order, entrypoint: 'a\0b' })).toThrow('NUL');
    expect(() => formatOrder({ ...order, variables: { 'a.b': '1' } })).toThrow("'a.b' cannot name a variable");
    expect(() => formatOrder({ ...order, cgroups: ['/a\nb'] })).toThrow('newline');
  });

  it('keeps the cgroups, so that another server finds them again', () => {
    const cgroups = ["/sys/fs/cgroup/it's/a-1", '/sys/fs/cgroup/with space/a-1'];
    writeOrder(path, { ...order, cgroups });
    expect(cgroupsOfOrder(path)).toEqual(cgroups);
    writeOrder(path, order);
    expect(cgroupsOfOrder(path)).toEqual([]);
    expect(cgroupsOfOrder(join(folder, 'none'))).toEqual([]);
  });

  it('does not take lines of an entrypoint for cgroups', () => {
    writeFileSync(path, formatOrder({ ...order, entrypoint: 'true\n# cgroup /etc\n' }));
    expect(cgroupsOfOrder(path)).toEqual([]);
  });
});
