import type { IncomingHttpHeaders } from 'node:http';
import { droverError } from '../../errors/drover-error.ts';

const DEFAULT_TENANT = 'default';
const TENANT = /^[\x21-\x7e]{1,128}$/;
const MAX_LABELS = 32;

/** The tenant that a job is submitted for. @throws `INVALID_HEADER` */
export function readTenant(headers: IncomingHttpHeaders): string {
  const tenant = headers['x-tenant-id'];
  if (tenant === undefined || tenant === '') return DEFAULT_TENANT;
  if (typeof tenant === 'string' && TENANT.test(tenant)) return tenant;
  throw droverError('INVALID_HEADER', {
    name: 'X-Tenant-Id',
    detail: 'must be 1 to 128 visible ASCII characters without spaces',
  });
}

/** A tenant's name as part of a path. @throws `NOT_FOUND` where no tenant can have it */
export function checkTenantName(name: string): string {
  if (TENANT.test(name)) return name;
  throw droverError('NOT_FOUND', { path: 'tenants of that name' });
}

/** Resource pool labels as a comma-separated text, in order of preference. Null where there are too many. */
export function parsePoolLabels(text: string): string[] | null {
  const labels = text
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '');
  return labels.length > MAX_LABELS ? null : [...new Set(labels)];
}
