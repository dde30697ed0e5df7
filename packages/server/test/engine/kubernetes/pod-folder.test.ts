import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPodFolder, type PodFolder } from '../../../src/engine/kubernetes/courier/pod-folder.ts';

let place: string;
let path: string;
let secret: string;
let folder: PodFolder;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'drover-pod-folder-'));
  path = join(place, 'volume');
  mkdirSync(path);
  secret = join(place, 'secret');
  writeFileSync(secret, 'of somebody else');
  folder = openPodFolder(path);
});
afterEach(() => {
  folder.close();
  rmSync(place, { recursive: true, force: true });
});

describe('what a driver may have put into the folder', () => {
  it('is read where it is a plain file', () => {
    writeFileSync(join(path, 'record'), 'driver 9 100 .\n');
    expect(folder.readText('record')).toBe('driver 9 100 .\n');
    expect(folder.readText('order')).toBeNull();
  });

  it.each([
    ['a link to a file elsewhere', () => symlinkSync(secret, join(path, 'record')), 'ELOOP'],
    ['a pipe', () => execFileSync('mkfifo', [join(path, 'record')]), 'not what it should be'],
    ['a folder', () => mkdirSync(join(path, 'record')), 'not what it should be'],
    ['a file without end', () => makeLarge(join(path, 'record')), 'not what it should be'],
  ])('is not read where it is %s', (_, put, reason) => {
    put();
    expect(() => folder.readText('record')).toThrow(reason);
  });

  it.each([
    ['a link to a file', () => symlinkSync(secret, join(path, 'log'))],
    ['a pipe', () => execFileSync('mkfifo', [join(path, 'log')])],
  ])('is not opened as output where it is %s', (_, put) => {
    put();
    expect(() => folder.openFile('log')).toThrow();
  });

  it.each([
    ['a link to a pipe elsewhere', () => symlinkSync(pipeElsewhere(), join(path, 'control'))],
    ['a plain file', () => writeFileSync(join(path, 'control'), '')],
  ])('is not opened as a pipe where it is %s', (_, put) => {
    put();
    expect(() => folder.openPipe('control')).toThrow();
  });

  it('is not entered where it is a link to a folder', () => {
    mkdirSync(join(place, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(place, 'elsewhere'), join(path, 'output'));
    expect(() => folder.openFolder('output')).toThrow('ENOTDIR');
    expect(statSync(join(place, 'elsewhere')).mode & 0o777).toBe(0o700);
  });

  it('is not written through where it is a link', () => {
    symlinkSync(secret, join(path, 'order'));
    symlinkSync(join(place, 'new'), join(path, 'grace'));
    folder.writeText('order', 'the order');
    folder.writeText('grace', '1');
    expect(readFileSync(secret, 'utf8')).toBe('of somebody else');
    expect(existsSync(join(place, 'new'))).toBe(false);
    expect(readFileSync(join(path, 'order'), 'utf8')).toBe('the order');
  });

  it('counts as there where it is a link that leads nowhere', () => {
    symlinkSync(join(place, 'nowhere'), join(path, 'ending'));
    expect(folder.has('ending')).toBe(true);
    expect(folder.has('listens')).toBe(false);
  });
});

it('is not a link to a folder itself', () => {
  symlinkSync(path, join(place, 'link'));
  expect(() => openPodFolder(join(place, 'link'))).toThrow('ENOTDIR');
});

it('stays the same folder when its path leads elsewhere', () => {
  writeFileSync(join(path, 'record'), 'of this pod');
  renameSync(path, join(place, 'moved'));
  mkdirSync(path);
  writeFileSync(join(path, 'record'), 'of another pod');
  expect(folder.readText('record')).toBe('of this pod');
});

it('takes a folder that was made elsewhere, in place of no link', () => {
  mkdirSync(join(place, 'unpacked'));
  writeFileSync(join(place, 'unpacked', 'run.sh'), 'true');
  symlinkSync(place, join(path, 'work'));
  expect(() => folder.adopt(join(place, 'unpacked'), 'work')).toThrow('ENOTDIR');
  rmSync(join(path, 'work'));
  folder.adopt(join(place, 'unpacked'), 'work');
  expect(readFileSync(join(path, 'work', 'run.sh'), 'utf8')).toBe('true');
});

it('has folders that drivers of every user can write to', () => {
  const output = folder.openFolder('output');
  expect(statSync(join(path, 'output')).mode & 0o777).toBe(0o777);
  writeFileSync(join(path, 'output', 'log'), 'printed');
  const file = output.openFile('log');
  expect(file).not.toBeNull();
  if (file !== null) closeSync(file);
  output.close();
});

it('cannot be used once it is closed', () => {
  folder.close();
  expect(() => folder.readText('record')).toThrow('is closed');
});

function makeLarge(file: string): void {
  writeFileSync(file, '');
  truncateSync(file, 2 ** 40);
}

function pipeElsewhere(): string {
  const pipe = join(place, 'pipe');
  execFileSync('mkfifo', [pipe]);
  return pipe;
}
