import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '../temporary-directory.ts';
import { addFiles } from './conda-programs.ts';

/** A package for every platform. */
interface Package {
  name: string;
  version: string;
  depends: string[];
  files: Record<string, string>;
}

const PACKAGES: readonly Package[] = [
  {
    name: 'drover-greeting',
    version: '1.2',
    depends: ['drover-manners'],
    files: {
      'bin/drover-greet': '#!/bin/sh\necho "$DROVER_MANNERS, $1"\n',
      'etc/conda/activate.d/drover-greeting.sh':
        'function greet() { export DROVER_SCRIPT="bash in $CONDA_PREFIX"; }; greet; echo noise\n',
    },
  },
  {
    name: 'drover-manners',
    version: '1.0',
    depends: [],
    files: { 'etc/conda/env_vars.d/drover-manners.json': '{"DROVER_MANNERS": "hello"}\n' },
  },
];

/** The address of a channel that lies in a folder, with two packages in the form of conda's own. */
export async function localChannel(): Promise<string> {
  const channel = await temporaryDirectory();
  const records: Record<string, unknown> = {};
  await mkdir(join(channel, 'noarch'));
  for (const item of PACKAGES) {
    const archive = `${item.name}-${item.version}-0.tar.bz2`;
    records[archive] = await writePackage(item, join(channel, 'noarch', archive));
  }
  await writeRepodata(channel, 'noarch', records);
  await mkdir(join(channel, 'linux-64'));
  await writeRepodata(channel, 'linux-64', {});
  return `file://${channel}`;
}

async function writePackage(item: Package, archive: string): Promise<Record<string, unknown>> {
  const { name, version, depends, files } = item;
  const index = {
    name,
    version,
    build: '0',
    build_number: 0,
    depends,
    noarch: 'generic',
    subdir: 'noarch',
    timestamp: 0,
  };
  const folder = `${archive}.content`;
  const paths = Object.entries(files).map(([path, content]) => ({
    ...{ _path: path, path_type: 'hardlink', sha256: digest('sha256', content), size_in_bytes: content.length },
  }));
  await addFiles(folder, {
    ...files,
    'info/index.json': JSON.stringify(index),
    'info/files': `${Object.keys(files).join('\n')}\n`,
    'info/paths.json': JSON.stringify({ paths, paths_version: 1 }),
  });
  // Not tar(1), which may find no bzip2.
  const pack = 'import sys, tarfile; tarfile.open(sys.argv[1], "w:bz2").add(sys.argv[2], "")';
  execFileSync('python3', ['-c', pack, archive, folder]);
  await rm(folder, { recursive: true });
  const bytes = await readFile(archive);
  const { size } = await stat(archive);
  return { ...index, size, md5: digest('md5', bytes), sha256: digest('sha256', bytes) };
}

function digest(algorithm: string, content: string | Buffer): string {
  return createHash(algorithm).update(content).digest('hex');
}

async function writeRepodata(channel: string, subdir: string, packages: Record<string, unknown>): Promise<void> {
  const repodata = { info: { subdir }, packages, 'packages.conda': {}, removed: [], repodata_version: 1 };
  await writeFile(join(channel, subdir, 'repodata.json'), JSON.stringify(repodata));
}
