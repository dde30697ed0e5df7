import type { FastifyInstance } from 'fastify';
import type { Webhook } from '../../webhook/webhook.ts';
import { described } from '../openapi/described.ts';
import { readQuery } from '../openapi/query-parameter.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { readBody } from './read-body.ts';
import { noFields } from './schemas/no-fields.ts';
import type { Sent } from './schemas/sent.ts';
import { changeWebhook as changeWebhookBody, createWebhook as createWebhookBody } from './schemas/webhook.ts';
import type { deliveryList, webhookList, webhookTest, webhookWithSecret } from './schemas/webhook-answer.ts';
import { inMs } from './seconds.ts';
import { pingBody } from './webhook-body.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  testWebhook,
} from './webhook-operations.ts';
import {
  finishedResource,
  type SentWebhook,
  testResource,
  waitingResource,
  webhookDraft,
  webhookResource,
  withWebhookSettings,
} from './webhook-resource.ts';

type SentSecret = Sent<typeof webhookWithSecret>;

/** As long as it may take to give a new secret to all that share a receiver's work. */
const KEEP_PREVIOUS_MS = 24 * 60 * 60 * 1_000;

/** Webhooks: `/api/v1/webhooks` and below. */
export function addWebhookRoutes(
  app: FastifyInstance,
  { webhooks, streams }: Pick<NativeDoor, 'webhooks' | 'streams'>,
): void {
  const present = async (webhook: Webhook) => webhookResource(webhook, await webhooks.standing(webhook.id));
  /** The only answers that show a secret: those to who has made it. */
  const presentNew = async (webhook: Webhook) => ({ ...(await present(webhook)), secret: webhook.secrets.current });

  addRoutes(app, '/api/v1/webhooks', {
    GET: described(listWebhooks, async (_request, reply) =>
      sendJson<Sent<typeof webhookList>>(reply, { webhooks: await Promise.all(webhooks.webhooks().map(present)) }),
    ),
    POST: described(createWebhook, async (request, reply) => {
      const settings = readBody(createWebhookBody, request.body);
      const webhook = await webhooks.create(webhookDraft(settings));
      reply.code(201).header('location', `/api/v1/webhooks/${webhook.id}`);
      return sendJson<SentSecret>(reply, await presentNew(webhook));
    }),
  });

  addRoutes(app, '/api/v1/webhooks/:id', {
    GET: described(getWebhook, async (request, reply) =>
      sendJson<SentWebhook>(reply, await present(webhooks.webhook(request.params.id))),
    ),
    PATCH: described(changeWebhook, async (request, reply) => {
      const body = readBody(changeWebhookBody, request.body);
      const { rotate_secret: isRotated = false, previous_secret_seconds: keepSeconds, ...settings } = body;
      const keepPreviousMs = keepSeconds === undefined ? KEEP_PREVIOUS_MS : inMs(keepSeconds);
      const webhook = await webhooks.change(
        request.params.id,
        (before, nowMs) => withWebhookSettings(before, settings, nowMs),
        isRotated ? { keepPreviousMs } : null,
      );
      if (isRotated) return sendJson<SentSecret>(reply, await presentNew(webhook));
      return sendJson<SentWebhook>(reply, await present(webhook));
    }),
    DELETE: described(deleteWebhook, async (request, reply) => {
      await webhooks.remove(request.params.id);
      return reply.code(204).send();
    }),
  });

  addRoutes(app, '/api/v1/webhooks/:id/test', {
    POST: described(testWebhook, async (request, reply) => {
      const { id } = request.params;
      readBody(noFields, request.body ?? {});
      const signal = streams.open(reply.raw, { endsWithServer: true });
      const answer = await webhooks.test(id, (nowMs) => pingBody(id, nowMs), signal);
      return sendJson<Sent<typeof webhookTest>>(reply, testResource(answer));
    }),
  });

  addRoutes(app, '/api/v1/webhooks/:id/deliveries', {
    GET: described(listDeliveries, async (request, reply) => {
      const { limit } = readQuery(listDeliveries.query, request.url);
      const { waiting, finished } = await webhooks.deliveries(request.params.id, limit);
      return sendJson<Sent<typeof deliveryList>>(reply, {
        waiting: waiting.map(waitingResource),
        finished: finished.map(finishedResource),
      });
    }),
  });
}
