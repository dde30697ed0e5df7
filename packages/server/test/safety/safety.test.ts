import { chmod, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isLoopback, refusalToListen } from '../../src/safety/listen-address.ts';
import { otherLoginAccounts } from '../../src/safety/login-accounts.ts';
import { readTokenFile } from '../../src/safety/token-file.ts';
import { useDirectory } from '../server/use-directory.ts';

describe('the address to listen on', () => {
  it.each(['127.0.0.1', '127.8.8.8', 'localhost', '::1'])('knows %s as loopback', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(refusalToListen({ host, tokenFile: null, insecure: false })).toBeNull();
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', '127.example.org', '1270.0.0.1'])('wants a token on %s', (host) => {
    expect(refusalToListen({ host, tokenFile: null, insecure: false })).toMatch(/refusing to listen.*--token-file/);
    expect(refusalToListen({ host, tokenFile: '/token', insecure: false })).toBeNull();
    expect(refusalToListen({ host, tokenFile: null, insecure: true })).toBeNull();
  });
});

describe('otherLoginAccounts', () => {
  it('names those that can log in, but neither the server itself nor those who are root anyway', () => {
    const passwd = [
      'root:x:0:0:root:/root:/bin/bash',
      'toor:x:0:0:another root:/root:/bin/sh',
      'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
      'sync:x:4:65534:sync:/bin:/bin/sync',
      'ana:x:1000:1000::/home/ana:/bin/zsh',
      'ben:x:1001:1001::/home/ben:',
      '# a comment',
      '',
    ].join('\n');
    expect(otherLoginAccounts(passwd, 1000).map(({ name }) => name)).toEqual(['ben']);
    expect(otherLoginAccounts(passwd, 0).map(({ name }) => name)).toEqual(['ana', 'ben']);
  });
});

describe('readTokenFile', () => {
  const directory = useDirectory();

  it('takes the text without white space around it, and tells whether others can read it', async () => {
    const path = `${directory.path}/token`;
    await writeFile(path, '  a-token-of-some-length\n', { mode: 0o600 });
    expect(readTokenFile(path)).toEqual({ value: 'a-token-of-some-length', isExposed: false });
    await chmod(path, 0o644);
    expect(readTokenFile(path).isExposed).toBe(true);
    await writeFile(path, 'short\n');
    expect(() => readTokenFile(path)).toThrow(/at least 16/);
    await writeFile(path, 'two words of some length\n');
    expect(() => readTokenFile(path)).toThrow(/without spaces/);
    expect(() => readTokenFile(`${path}-other`)).toThrow(/cannot be read/);
  });
});
