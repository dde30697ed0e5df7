import type { Tenant } from '@drover/client/tenant';
import { formatAmount, formatPart } from './amounts.ts';
import { fieldLines } from './fields.ts';
import { holdingFields } from './holdings.ts';

/** `drover tenant show` for people. */
export function tenantDetails(tenant: Tenant, stream: NodeJS.WriteStream): string {
  const { name, weight, quota, default_queue: queue, use, share } = tenant;
  return fieldLines(
    [
      ['tenant', name],
      ['weight', formatAmount(weight)],
      ['default queue', queue],
      ['share', `${formatPart(share.now)} now, ${formatPart(share.average)} lately`],
      ...holdingFields(use, quota),
    ],
    stream,
  );
}
