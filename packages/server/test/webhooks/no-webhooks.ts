import { droverError } from '../../src/errors/drover-error.ts';
import type { WebhookService } from '../../src/webhooks/webhook-service.ts';

/** For servers whose tests are about other things. */
export function noWebhooks(): WebhookService {
  const unknown = (id: string): never => {
    throw droverError('WEBHOOK_NOT_FOUND', { id });
  };
  return {
    webhooks: () => [],
    webhook: unknown,
    create: async () => Promise.reject(new Error('not a part of this test')),
    change: async (id) => unknown(id),
    remove: async (id) => unknown(id),
    standing: async (id) => unknown(id),
    deliveries: async (id) => unknown(id),
    test: async (id) => unknown(id),
  };
}
