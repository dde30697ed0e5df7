import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPod } from '../../../src/engine/kubernetes/pod-state.ts';
import { createOutputRescue, findOutput } from '../../../src/engine/kubernetes/rescue-output.ts';
import { until } from '../until.ts';

describe('what a supervisor printed', () => {
  it.each([
    ['all of it', 'drover-output 0 5\nhello\n', 0, 'hello'],
    ['with the newline that is its own', 'drover-output 0 6\nhello\n\n', 0, 'hello\n'],
    ['the end of it', 'drover-output 100 105\nhello\n', 100, 'hello'],
    ['behind what a shell says', 'sh: 1: Killed\ndrover-output 0 2\nhi\n', 0, 'hi'],
    ['cut short', 'drover-output 0 5\nhel', 0, 'hel'],
    ['nothing', 'drover-output 0 0\n', 0, ''],
    ['what looks like its own mark', 'drover-output 0 19\n\ndrover-output 0 1\na\n', 0, '\ndrover-output 0 1\n'],
  ])('is found: %s', (_, printed, from, output) => {
    const found = findOutput(Buffer.from(printed));
    expect(found?.from).toBe(from);
    expect(found?.bytes.toString()).toBe(output);
  });

  it('is found byte for byte', () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    expect(findOutput(Buffer.concat([Buffer.from('drover-output 0 5\n'), bytes, Buffer.from('\n')]))?.bytes).toEqual(
      bytes,
    );
  });

  it.each(['', 'sh: 1: Killed\n', 'of a driver: drover-output 0 5\nhello'])('may be no output: %j', (printed) => {
    expect(findOutput(Buffer.from(printed))).toBeNull();
  });
});

describe('output that no courier brought', () => {
  const pod = readPod({ metadata: { uid: 'a', name: 'att-1-a', labels: { 'drover.dev/attempt': 'att-1' } } });
  let folder: string;
  let logPath: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-rescue-'));
    logPath = join(folder, 'log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The log afterwards, and what was warned of. */
  async function rescue(readPrinted: () => Promise<Buffer>): Promise<{ log: string | null; warnings: number }> {
    if (pod === null) throw new Error('this is no pod');
    let isOver = false;
    let warnings = 0;
    const rescuing = createOutputRescue({
      ...{ logPath, readPrinted, againAfterMs: 1 },
      onOver: () => {
        isOver = true;
      },
      warn: () => {
        warnings += 1;
      },
    });
    expect(rescuing.isUnderWay(pod)).toBe(true);
    await until('the end of it', () => isOver);
    expect(rescuing.isUnderWay(pod)).toBe(false);
    return { log: existsSync(logPath) ? readFileSync(logPath, 'utf8') : null, warnings };
  }

  const printed = (text: string) => async () => Buffer.from(text);

  it('is put behind what is there', async () => {
    writeFileSync(logPath, 'hel');
    expect(await rescue(printed('drover-output 0 5\nhello\n'))).toEqual({ log: 'hello', warnings: 0 });
  });

  it('is all that there is, where nothing was brought', async () => {
    expect(await rescue(printed('drover-output 0 5\nhello\n'))).toEqual({ log: 'hello', warnings: 0 });
  });

  it('says how much is missing before it', async () => {
    writeFileSync(logPath, 'hel');
    const { log } = await rescue(printed('drover-output 100 105\nworld\n'));
    expect(log).toBe('heldrover: 97 bytes of output were lost with the courier of the pod\nworld');
  });

  it('may be missing, where the container printed nothing: the log says so', async () => {
    writeFileSync(logPath, 'hel\n');
    const { log } = await rescue(printed(''));
    expect(log).toMatch(/^hel\ndrover: the courier of the pod died .* may be missing\n$/);
  });

  it('is asked for again where the cluster does not answer, and given up in the end', async () => {
    let tries = 0;
    const answer = async () => {
      tries += 1;
      if (tries === 1) throw new Error('the cluster answers 503');
      return Buffer.from('drover-output 0 5\nhello\n');
    };
    expect(await rescue(answer)).toEqual({ log: 'hello', warnings: 1 });
    const never = async () => Promise.reject(new Error('the cluster answers 403'));
    expect(await rescue(never)).toEqual({
      log: expect.stringMatching(/^hellodrover: .* may be missing\n$/),
      warnings: 3,
    });
  });
});
