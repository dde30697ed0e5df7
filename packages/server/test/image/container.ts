import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RunningDrover, startProgram } from '../cli/fixture/run-drover.ts';
import type { BuiltImage } from './image.ts';

export interface ContainerOptions {
  /** In place of those that the image has. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Folders of this machine, by where the container has them. */
  volumes?: Readonly<Record<string, string>>;
}

/**
 * Runs a container of the image as its user, as a careful cluster would: no rights, nothing but its volumes and /tmp can be written to.
 * It has the network of this machine. Signals to the child are its first process'.
 */
export function startContainer({ config, root }: BuiltImage, options: ContainerOptions = {}): RunningDrover {
  const bundle = mkdtempSync(join(tmpdir(), 'drover-bundle-'));
  onTestFinished(() => rmSync(bundle, { recursive: true, force: true }));
  const [uid, gid] = config.User.split(':').map(Number);
  const process = {
    user: { uid, gid },
    args: [...config.Entrypoint, ...(options.args ?? config.Cmd)],
    env: [...config.Env, ...Object.entries(options.env ?? {}).map(([name, value]) => `${name}=${value}`)],
    cwd: '/',
    noNewPrivileges: true,
  };
  const mounts = [
    { destination: '/proc', type: 'proc', source: 'proc' },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
    { destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'mode=1777'] },
    ...Object.entries(options.volumes ?? {}).map(([destination, source]) => ({
      ...{ destination, type: 'bind', source },
      options: ['rbind', 'rw'],
    })),
  ];
  const namespaces = ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type }));
  const spec = { ociVersion: '1.0.2', process, root: { path: root, readonly: true }, mounts, linux: { namespaces } };
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec));
  return startProgram(['runc', 'run', '--bundle', bundle, `drover-test-${randomBytes(6).toString('hex')}`]);
}
