import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where a cluster's API is, and how this server shows who it is. */
export interface ClusterAccess {
  /** Without a slash at its end. */
  server: string;
  /** Certificates of whom to trust, in PEM; null: those that Node trusts. */
  ca: string | null;
  /** Checked against the server's certificate instead of the host's name. */
  tlsServerName: string | null;
  isServerVerified: boolean;
  /** Client certificate and key in PEM, read anew for each connection: they expire. */
  readCertificate: (() => { cert: string; key: string }) | null;
  /** Null: no token is sent. A token in a file is read anew, as the cluster changes it. */
  readToken: (() => string) | null;
  /** What the source names as the namespace to use; null where it names none. */
  namespace: string | null;
}

/** Where pods find what tells them of their cluster. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The access that a pod of the cluster has through its service account.
 *
 * @throws a sentence where this is no pod
 */
export function inClusterAccess(environment: Readonly<Record<string, string | undefined>>): ClusterAccess {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  if (host === undefined || host === '') {
    throw new Error(
      'no kubeconfig is set, and this server runs in no pod of a cluster (KUBERNETES_SERVICE_HOST is empty)',
    );
  }
  const file = (name: string) => readFileSync(`${SERVICE_ACCOUNT}/${name}`, 'utf8').trim();
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: file('ca.crt'),
    tlsServerName: null,
    isServerVerified: true,
    readCertificate: null,
    readToken: () => file('token'),
    namespace: file('namespace'),
  };
}

const optionalText = z.string().optional();

const kubeconfigSchema = z.looseObject({
  'current-context': optionalText,
  clusters: z
    .array(
      z.looseObject({
        name: z.string(),
        cluster: z.looseObject({
          server: z.string(),
          'certificate-authority': optionalText,
          'certificate-authority-data': optionalText,
          'insecure-skip-tls-verify': z.boolean().optional(),
          'tls-server-name': optionalText,
        }),
      }),
    )
    .default([]),
  users: z
    .array(
      z.looseObject({
        name: z.string(),
        user: z.looseObject({
          token: optionalText,
          tokenFile: optionalText,
          'client-certificate': optionalText,
          'client-certificate-data': optionalText,
          'client-key': optionalText,
          'client-key-data': optionalText,
          exec: z.unknown().optional(),
          'auth-provider': z.unknown().optional(),
          username: optionalText,
        }),
      }),
    )
    .default([]),
  contexts: z
    .array(
      z.looseObject({
        name: z.string(),
        context: z.looseObject({ cluster: z.string(), user: optionalText, namespace: optionalText }),
      }),
    )
    .default([]),
});

/**
 * The access that a kubeconfig gives. Paths in it are relative to its folder, as for kubectl.
 *
 * @param contextName null: its current one
 * @throws a sentence for the operator, where it cannot be used
 */
export function kubeconfigAccess(path: string, contextName: string | null): ClusterAccess {
  const text = readFileSync(path, 'utf8');
  const parsed = kubeconfigSchema.safeParse(parse(text));
  if (!parsed.success) throw new Error(`${path} is no kubeconfig: ${z.prettifyError(parsed.error)}`);
  const config = parsed.data;
  const wanted = contextName ?? config['current-context'];
  const context = config.contexts.find(({ name }) => name === wanted)?.context;
  if (context === undefined) throw new Error(`${path} has no context ${JSON.stringify(wanted ?? '')}`);
  const cluster = config.clusters.find(({ name }) => name === context.cluster)?.cluster;
  if (cluster === undefined) throw new Error(`${path} has no cluster ${JSON.stringify(context.cluster)}`);
  const user = config.users.find(({ name }) => name === context.user)?.user ?? {};
  for (const way of ['exec', 'auth-provider', 'username'] as const) {
    if (user[way] !== undefined) {
      throw new Error(
        `${path} asks for credentials by '${way}', which Drover does not know; give it a token, a tokenFile or a client certificate`,
      );
    }
  }

  const content = (data: string | undefined, file: string | undefined) =>
    data !== undefined
      ? Buffer.from(data, 'base64').toString()
      : file !== undefined
        ? readFileSync(resolve(dirname(path), file), 'utf8')
        : null;
  const { token, tokenFile } = user;
  const hasCertificate =
    (user['client-certificate-data'] ?? user['client-certificate']) !== undefined &&
    (user['client-key-data'] ?? user['client-key']) !== undefined;
  return {
    server: cluster.server.replace(/\/+$/, ''),
    ca: content(cluster['certificate-authority-data'], cluster['certificate-authority']),
    tlsServerName: cluster['tls-server-name'] ?? null,
    isServerVerified: cluster['insecure-skip-tls-verify'] !== true,
    readCertificate: hasCertificate
      ? () => ({
          cert: content(user['client-certificate-data'], user['client-certificate']) ?? '',
          key: content(user['client-key-data'], user['client-key']) ?? '',
        })
      : null,
    readToken:
      tokenFile !== undefined
        ? () => readFileSync(resolve(dirname(path), tokenFile), 'utf8').trim()
        : token !== undefined
          ? () => token
          : null,
    namespace: context.namespace ?? null,
  };
}
