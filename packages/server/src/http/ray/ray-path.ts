/** Where the Ray Jobs API lies on the main port. */
export const RAY_PREFIX = '/ray';

/** What Ray serves without a token: whether there is a server, and how to log in. */
const PUBLIC_PATHS: ReadonlySet<string> = new Set(
  ['/api/authentication_mode', '/api/authenticate', '/api/gcs_healthz'].map((path) => `${RAY_PREFIX}${path}`),
);

export function isRayPath(path: string): boolean {
  return path === RAY_PREFIX || path.startsWith(`${RAY_PREFIX}/`);
}

export function isPublicRayPath(path: string): boolean {
  return PUBLIC_PATHS.has(path);
}

/** The target of a request to Ray's own port, as it is on the main one; anything that is no path stays as it is. */
export function underRay(target: string): string {
  if (target.startsWith('/')) return `${RAY_PREFIX}${target}`;
  return target.replace(/^(https?:\/\/[^/?#]*)/i, `$1${RAY_PREFIX}`);
}

const TAIL = new RegExp(`^${RAY_PREFIX}/api/jobs/[^/]+/logs/tail/?$`);

/** Whether a path speaks websocket. */
export function isTailPath(path: string): boolean {
  return TAIL.test(path);
}
