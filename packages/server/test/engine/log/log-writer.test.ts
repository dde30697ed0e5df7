import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { capLog } from '../../../src/engine/log/log-cap.ts';
import { logsOf } from '../../../src/engine/log/log-writer.ts';
import { findPunchObstacle } from '../../../src/engine/log/punch-front.ts';

const MAX_BYTES = 256 * 1024;
const NOBODY = { uid: 65_534, gid: 65_534 };

describe.skipIf(process.getuid?.() !== 0)('a log of another user (needs root)', () => {
  let folder: string;
  let paths: ReturnType<typeof attemptPaths>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-log-writer-'));
    chmodSync(folder, 0o711);
    paths = { ...attemptPaths('/nowhere', 'a'), log: join(folder, 'log'), logFirstByte: join(folder, 'first') };
    chownSync(folder, NOBODY.uid, NOBODY.gid);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, bytes: number, owner = NOBODY): void {
    writeFileSync(path, 'x'.repeat(bytes), { mode: 0o600 });
    chownSync(path, owner.uid, owner.gid);
  }

  it('is capped by that user, and its mark is overwritten in place', async (ctx) => {
    const obstacle = await findPunchObstacle(folder);
    if (obstacle !== null) return ctx.skip(obstacle);
    write(paths.log, MAX_BYTES / 2);
    await capLog(paths, MAX_BYTES, logsOf(NOBODY));
    expect(readFileSync(paths.logFirstByte, 'utf8')).toBe(`${'0'.repeat(20)}\n`);
    const { ino } = statSync(paths.logFirstByte);
    write(paths.log, 4 * MAX_BYTES);
    await capLog(paths, MAX_BYTES, logsOf(NOBODY));
    expect(readFileSync(paths.logFirstByte, 'utf8')).toMatch(/^0{14}\d{6}\n$/);
    expect(Number(readFileSync(paths.logFirstByte, 'utf8'))).toBe(4 * MAX_BYTES - 0.75 * MAX_BYTES);
    expect(statSync(paths.logFirstByte)).toMatchObject({ ino, uid: NOBODY.uid, size: 21 });
    expect(statSync(paths.log).blocks * 512).toBeLessThanOrEqual(MAX_BYTES);
    expect(statSync(paths.log).size).toBe(4 * MAX_BYTES);
  });

  it('does no harm to what the user could not write, whatever stands in its place', async () => {
    const secret = join(folder, 'secret');
    write(secret, 4 * MAX_BYTES, { uid: 0, gid: 0 });
    const { blocks } = statSync(secret);
    symlinkSync(secret, paths.log);
    await expect(capLog(paths, MAX_BYTES, logsOf(NOBODY))).rejects.toThrow('Permission denied');
    expect(statSync(secret)).toMatchObject({ blocks, size: 4 * MAX_BYTES });
    rmSync(paths.log);
    rmSync(paths.logFirstByte);
    write(paths.log, 4 * MAX_BYTES);
    symlinkSync(secret, paths.logFirstByte);
    await expect(capLog(paths, MAX_BYTES, logsOf(NOBODY))).rejects.toThrow('Permission denied');
    expect(readFileSync(secret, 'latin1').slice(0, 30)).toBe('x'.repeat(30));
  });
});
