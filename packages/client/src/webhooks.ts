import type { CallOptions } from './call-options.ts';
import { namedPath } from './named-path.ts';
import {
  parseDeliveries,
  parseWebhook,
  parseWebhooks,
  parseWebhookTest,
  parseWebhookWithSecret,
} from './parse-answer.ts';
import type { Transport } from './transport.ts';
import type {
  Webhook,
  WebhookChange,
  WebhookDeliveries,
  WebhookSettings,
  WebhookTest,
  WebhookWithSecret,
} from './webhook.ts';

/** Webhooks. Changes resolve when they are on the server's disk, and hold from then on. */
export interface WebhookCalls {
  /** In the order of their creation. */
  list(options?: CallOptions): Promise<Webhook[]>;

  get(id: string, options?: CallOptions): Promise<Webhook>;

  /** The answer shows the secret, this once. */
  create(webhook: WebhookSettings & { url: string }, options?: CallOptions): Promise<WebhookWithSecret>;

  change(
    id: string,
    change: WebhookChange & { rotate_secret: true },
    options?: CallOptions,
  ): Promise<WebhookWithSecret>;
  change(id: string, change: WebhookChange, options?: CallOptions): Promise<Webhook>;

  /** What waits for it is dropped. */
  delete(id: string, options?: CallOptions): Promise<void>;

  /** Has a message sent to it now, and resolves with what came back. */
  test(id: string, options?: CallOptions): Promise<WebhookTest>;

  /** @param options.limit of those that wait, and of those that do not; absent: the server's */
  deliveries(id: string, options?: CallOptions & { limit?: number | undefined }): Promise<WebhookDeliveries>;
}

export function createWebhookCalls(transport: Transport): WebhookCalls {
  async function change(
    id: string,
    body: WebhookChange & { rotate_secret: true },
    options?: CallOptions,
  ): Promise<WebhookWithSecret>;
  async function change(id: string, body: WebhookChange, options?: CallOptions): Promise<Webhook>;
  async function change(id: string, body: WebhookChange, { signal }: CallOptions = {}): Promise<Webhook> {
    const answer = await transport.sendForJson({ method: 'PATCH', path: webhookPath(id), body, signal });
    return body.rotate_secret === true ? parseWebhookWithSecret(answer) : parseWebhook(answer);
  }

  return {
    list: async ({ signal } = {}) => parseWebhooks(await transport.sendForJson({ path: '/webhooks', signal })),

    get: async (id, { signal } = {}) => parseWebhook(await transport.sendForJson({ path: webhookPath(id), signal })),

    create: async (webhook, { signal } = {}) =>
      parseWebhookWithSecret(await transport.sendForJson({ method: 'POST', path: '/webhooks', body: webhook, signal })),

    change,

    delete: async (id, { signal } = {}) => {
      const response = await transport.send({ method: 'DELETE', path: webhookPath(id), signal });
      await response.body?.cancel();
    },

    test: async (id, { signal } = {}) => {
      const request = { method: 'POST', path: `${webhookPath(id)}/test`, body: {}, signal } as const;
      return parseWebhookTest(await transport.sendForJson(request));
    },

    deliveries: async (id, { signal, limit } = {}) => {
      const query = new URLSearchParams(limit === undefined ? {} : { limit: String(limit) });
      return parseDeliveries(await transport.sendForJson({ path: `${webhookPath(id)}/deliveries`, query, signal }));
    },
  };
}

function webhookPath(id: string): string {
  return namedPath('/webhooks', id, {
    code: 'WEBHOOK_NOT_FOUND',
    status: 404,
    title: 'No such webhook',
    detail: `no webhook has the id '${id}'`,
  });
}
