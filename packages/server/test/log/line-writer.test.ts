import { expect, test } from 'vitest';
import { createLineWriter } from '../../src/log/line-writer.ts';

/** A file descriptor that takes bytes as the test says; answers what it has, and what to do with the next writes. */
function fakeFile() {
  let text = '';
  const script: (number | string)[] = [];
  const put = (_fd: number, bytes: Uint8Array): number => {
    const next = script.shift() ?? bytes.length;
    if (typeof next === 'string') throw Object.assign(new Error(next), { code: next });
    text += Buffer.from(bytes.subarray(0, next)).toString();
    return Math.min(next, bytes.length);
  };
  return { script, put, text: () => text };
}

function writerOf(file: ReturnType<typeof fakeFile>) {
  return createLineWriter(2, (dropped, reason) => `lost ${dropped}: ${reason}\n`, file.put);
}

test.each(['ENOSPC', 'EIO', 'EPIPE', 'EBADF'])('a line that ends in %s is dropped, and told of by the next', (code) => {
  const file = fakeFile();
  const writer = writerOf(file);
  writer.write('one\n');
  file.script.push(code, code);
  writer.write('two\n');
  writer.write('three\n');
  expect(file.text()).toBe('one\n');
  writer.write('four\n');
  writer.write('five\n');
  expect(file.text()).toBe(`one\nlost 2: ${code}\nfour\nfive\n`);
});

test('a line that breaks off in the middle does not spoil the next', () => {
  const file = fakeFile();
  const writer = writerOf(file);
  file.script.push(3, 'ENOSPC');
  writer.write('a long line\n');
  writer.write('next\n');
  expect(file.text()).toBe('a l\nlost 1: ENOSPC\nnext\n');
});

test('a reader that is behind is waited for, and bytes are taken in pieces', () => {
  const file = fakeFile();
  const writer = writerOf(file);
  file.script.push('EAGAIN', 2, 'EAGAIN', 'EAGAIN', 1);
  writer.write('ä line\n');
  expect(file.text()).toBe('ä line\n');
});

test('a reader that has stopped is not waited for without end, nor once more with every line', () => {
  const file = fakeFile();
  const writer = writerOf(file);
  file.script.push(...Array(1000).fill('EAGAIN'));
  writer.write('one\n');
  const asked = 1000 - file.script.length;
  expect(asked).toBeLessThan(100);
  writer.write('two\n');
  expect(1000 - file.script.length).toBe(asked + 1);
});
