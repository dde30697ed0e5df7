import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inClusterAccess, kubeconfigAccess } from '../../../src/engine/kubernetes/client/cluster-access.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function kubeconfig(user: object, cluster: object = {}): string {
  const path = join(folder, 'config');
  const parts = {
    'current-context': 'usual',
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443/', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'usual', context: { cluster: 'c', user: 'u', namespace: 'jobs' } },
      { name: 'bare', context: { cluster: 'c' } },
      { name: 'broken', context: { cluster: 'nowhere' } },
    ],
  };
  writeFileSync(path, JSON.stringify(parts));
  return path;
}

describe('a kubeconfig', () => {
  it('gives what the current context names', () => {
    const ca = Buffer.from('the authority').toString('base64');
    const access = kubeconfigAccess(kubeconfig({ token: 'secret' }, { 'certificate-authority-data': ca }), null);
    expect(access).toMatchObject({ server: 'https://10.0.0.1:6443', ca: 'the authority', namespace: 'jobs' });
    expect(access).toMatchObject({ isServerVerified: true, readCertificate: null });
    expect(access.readToken?.()).toBe('secret');
  });

  it('reads a token file anew each time, beside the kubeconfig', () => {
    const access = kubeconfigAccess(kubeconfig({ tokenFile: 'token' }), null);
    writeFileSync(join(folder, 'token'), 'first\n');
    expect(access.readToken?.()).toBe('first');
    writeFileSync(join(folder, 'token'), 'second\n');
    expect(access.readToken?.()).toBe('second');
  });

  it('reads client certificates from data and from files', () => {
    writeFileSync(join(folder, 'client.key'), 'the key');
    const data = Buffer.from('the certificate').toString('base64');
    const user = { 'client-certificate-data': data, 'client-key': 'client.key' };
    const access = kubeconfigAccess(kubeconfig(user), null);
    expect(access.readCertificate?.()).toEqual({ cert: 'the certificate', key: 'the key' });
  });

  it('takes another context that is named, also one without a user', () => {
    expect(kubeconfigAccess(kubeconfig({ token: 'secret' }), 'bare')).toMatchObject({
      readToken: null,
      namespace: null,
    });
  });

  it.each([
    ['missing', 'has no context "missing"'],
    ['broken', 'has no cluster "nowhere"'],
  ])('says what is wrong with the context %s', (context, message) => {
    expect(() => kubeconfigAccess(kubeconfig({}), context)).toThrow(message);
  });

  it('says which way of showing who one is it does not know', () => {
    expect(() => kubeconfigAccess(kubeconfig({ exec: { command: 'get-token' } }), null)).toThrow(
      "credentials by 'exec'",
    );
  });

  it('says that a file is none', () => {
    const path = join(folder, 'other');
    writeFileSync(path, 'clusters: 7\n');
    expect(() => kubeconfigAccess(path, null)).toThrow(`${path} is no kubeconfig`);
  });
});

it('says that a server without a kubeconfig runs in no pod', () => {
  expect(() => inClusterAccess({})).toThrow('runs in no pod of a cluster');
});
