import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { droverError } from '../../errors/drover-error.ts';
import type { Parameter } from '../openapi/operation.ts';

const DEFAULT_TENANT = 'default';
export const TENANT = /^[\x21-\x7e]{1,128}$/;
const MAX_LABELS = 32;

/** The header that names the tenant of a submit. */
export const tenantHeader: Parameter = {
  schema: z.string().regex(TENANT).default(DEFAULT_TENANT),
  description: 'Whose the job is.',
};

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
