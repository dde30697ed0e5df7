import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { kubernetesSettings } from '../../src/engine/kubernetes/settings.ts';
import { startContainer } from './container.ts';
import { type BuiltImage, IMAGE, readImage, SOURCE, WITHOUT } from './image.ts';

const packageSchema = z.object({ name: z.string(), version: z.string() });
const lockfileSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().default(false) })),
});
/** Where the lockfile has the packages of this clone. */
const OWN: Readonly<Record<string, string>> = {
  'node_modules/drover': 'packages/server',
  'node_modules/@drover/client': 'packages/client',
};
const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

describe.skipIf(IMAGE === null)(`the image of deploy/Containerfile${IMAGE === null ? `: ${WITHOUT}` : ''}`, () => {
  let image: BuiltImage;
  beforeAll(() => {
    image = readImage();
  });

  it('is built of what the clone keeps of its sources, and of nothing else that lies in it', () => {
    expect(existsSync(join(SOURCE, 'node_modules')) && existsSync(join(SOURCE, '.git'))).toBe(true);
    const foreign = image.context.filter(
      (path) => !/^(scripts|packages\/\w+\/(src|bin))\/|^[^/]+$|^packages\/\w+\/[^/]+$/.test(path),
    );
    expect(foreign).toEqual([]);
    expect(image.context.filter((path) => !path.includes('/')).sort()).toEqual([
      '.npmrc',
      'package-lock.json',
      'package.json',
      'tsconfig.base.json',
    ]);
    expect(image.context.filter((path) => path.endsWith('.tsbuildinfo'))).toEqual([]);
  });

  it('has the packages that the lockfile names for the server, at those versions, and no others', () => {
    const { packages } = lockfileSchema.parse(readJson(SOURCE, 'package-lock.json'));
    const installed = globSync('**/node_modules/{*,@*/*}/package.json', { cwd: join(image.root, 'opt/drover') });
    const found = installed.map((file) => file.slice(0, -'/package.json'.length));
    expect(found).toContain('node_modules/drover');
    expect(found).toContain('node_modules/fastify');
    for (const path of found) {
      const { version } = packageSchema.parse(readJson(image.root, 'opt/drover', path, 'package.json'));
      const named = packages[OWN[path] ?? path];
      expect({ path, version, dev: named?.dev }).toEqual({ path, version: named?.version, dev: false });
    }
  });

  it('has nothing left of what it was built with', () => {
    expect(
      globSync('opt/drover/node_modules/{drover,@drover/client}/{src,test,tsconfig.json}', { cwd: image.root }),
    ).toEqual([]);
    expect(globSync('{packed,source,root/.npm}', { cwd: image.root })).toEqual([]);
    expect(globSync('opt/drover/node_modules/{node-linux-*,@biomejs}', { cwd: image.root })).toEqual([]);
  });

  it('has the programs that the engine and deploy/ run of it', () => {
    const named = globSync('deploy/kubernetes/*.yaml', { cwd: SOURCE }).flatMap(
      (file) => readFileSync(join(SOURCE, file), 'utf8').match(/\/(?:opt|usr)\/[\w./-]+/g) ?? [],
    );
    const { courier_command } = kubernetesSettings.parse({
      ...{ type: 'kubernetes', server_url: 'http://drover', courier_image: 'drover' },
    });
    for (const path of [...named, ...courier_command])
      expect({ path, is: existsSync(join(image.root, path)) }).toEqual({ path, is: true });
  });

  it('runs as a user that Kubernetes sees not to be root, and says where its data and its port are', () => {
    expect(image.config).toMatchObject({
      User: '1000:1000',
      Volumes: { '/var/lib/drover': {} },
      ExposedPorts: { '8888/tcp': {} },
    });
  });

  it('does not serve everybody: it asks for a token', async () => {
    const { code, stderr } = await startContainer(image).outcome;
    expect(stderr).toContain('refusing to listen on 0.0.0.0 without a token');
    expect(code).toBe(2);
  });

  it('serves without rights and with a root that cannot be written to, ends when it is asked to, and has its jobs again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-image-data-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const volumes = { '/var/lib/drover': join(folder, 'data'), '/etc/drover': join(folder, 'etc') };
    for (const path of Object.values(volumes)) {
      mkdirSync(path);
      chownSync(path, 1000, 1000);
    }
    const token = randomBytes(32).toString('hex');
    writeFileSync(join(folder, 'etc/token'), token, { mode: 0o600 });
    chownSync(join(folder, 'etc/token'), 1000, 1000);

    const first = await serve();
    const submitted = await command(
      first.url,
      'submit',
      '--id',
      'one',
      '--follow',
      '--',
      'id -u; echo "for $DROVER_JOB_ID"; exit 7',
    );
    expect(submitted).toMatchObject({ code: 7, stdout: '1000\nfor one\n' });
    expect(await first.stop()).toBe(0);

    const second = await serve();
    expect(await command(second.url, 'logs', 'one')).toMatchObject({ code: 0, stdout: '1000\nfor one\n' });
    expect(await second.stop()).toBe(0);

    async function serve() {
      const env = { DROVER_PORT: '0', DROVER_TOKEN_FILE: '/etc/drover/token' };
      const { child, outcome, shows } = startContainer(image, { env, volumes });
      let output = '';
      child.stdout?.on('data', (text) => {
        output += text;
      });
      await shows('stdout', 'drover listening on ');
      const port = /listening on \S+:(\d+)$/m.exec(output)?.[1];
      return {
        url: `http://127.0.0.1:${port}`,
        stop: () => {
          child.kill('SIGTERM');
          return outcome.then(({ code }) => code);
        },
      };
    }

    function command(url: string, ...args: string[]) {
      return startContainer(image, { args, env: { DROVER_ADDRESS: url, DROVER_TOKEN: token } }).outcome;
    }
  });
});
