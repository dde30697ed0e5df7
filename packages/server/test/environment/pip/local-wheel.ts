import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { findInterpreter, type Interpreter } from '../../../src/environment/interpreter.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { craftZip } from '../zip-bytes.ts';

const run = promisify(execFile);

/** The machine's Python, with all that virtual environments need. @param python that of the system, say, which other users can run too */
export async function pythonOrSkip(ctx: TestContext, python = 'python3'): Promise<Interpreter> {
  const search = await findInterpreter(python, { PATH: process.env.PATH ?? '' });
  if (!search.found) return ctx.skip(`needs python3: ${search.reason}`);
  const { path } = search.interpreter;
  const hasVenv = await run(path, ['-I', '-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  );
  return hasVenv ? search.interpreter : ctx.skip('needs the venv and ensurepip modules of python3');
}

/** A folder with one wheel, `drover_probe` 1.0, whose module answers 42. */
export async function folderOfWheels(): Promise<string> {
  const directory = await temporaryDirectory();
  const files = [
    { name: 'drover_probe.py', content: 'ANSWER = 42\n' },
    {
      name: 'drover_probe-1.0.dist-info/METADATA',
      content: 'Metadata-Version: 2.1\nName: drover-probe\nVersion: 1.0\n',
    },
    {
      name: 'drover_probe-1.0.dist-info/WHEEL',
      content: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    },
  ];
  const lines = files.map(({ name, content }) => {
    const digest = createHash('sha256').update(content).digest('base64url');
    return `${name},sha256=${digest},${content.length}`;
  });
  const record = 'drover_probe-1.0.dist-info/RECORD';
  const wheel = craftZip([...files, { name: record, content: [...lines, `${record},,`, ''].join('\n') }]);
  await writeFile(join(directory, 'drover_probe-1.0-py3-none-any.whl'), wheel.bytes);
  return directory;
}

/** Variables that make pip find those wheels and nothing else. */
export async function pipVariables(): Promise<Record<string, string>> {
  return { PIP_CONFIG_FILE: '/dev/null', PIP_NO_INDEX: '1', PIP_FIND_LINKS: await folderOfWheels() };
}
