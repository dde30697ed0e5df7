import type { FastifyInstance } from 'fastify';
import type { Webhook } from '../../webhook/webhook.ts';
import { queryOf, refuseUnknownParameters, wholeParameter } from '../listing/query-parameters.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { readBody } from './read-body.ts';
import { noFields } from './schemas/no-fields.ts';
import { changeWebhook, createWebhook } from './schemas/webhook.ts';
import { inMs } from './seconds.ts';
import { pingBody } from './webhook-body.ts';
import {
  finishedResource,
  testResource,
  waitingResource,
  webhookDraft,
  webhookResource,
  withWebhookSettings,
} from './webhook-resource.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
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
    GET: async (request, reply) => {
      refuseUnknownParameters(queryOf(request.url), []);
      return sendJson(reply, { webhooks: await Promise.all(webhooks.webhooks().map(present)) });
    },
    POST: async (request, reply) => {
      const settings = readBody(createWebhook, request.body);
      const webhook = await webhooks.create(webhookDraft(settings));
      reply.code(201).header('location', `/api/v1/webhooks/${webhook.id}`);
      return sendJson(reply, await presentNew(webhook));
    },
  });

  addRoutes(app, '/api/v1/webhooks/:id', {
    GET: async (request, reply) => sendJson(reply, await present(webhooks.webhook(request.params.id))),
    PATCH: async (request, reply) => {
      const body = readBody(changeWebhook, request.body);
      const { rotate_secret: isRotated = false, previous_secret_seconds: keepSeconds, ...settings } = body;
      const keepPreviousMs = keepSeconds === undefined ? KEEP_PREVIOUS_MS : inMs(keepSeconds);
      const webhook = await webhooks.change(
        request.params.id,
        (before, nowMs) => withWebhookSettings(before, settings, nowMs),
        isRotated ? { keepPreviousMs } : null,
      );
      return sendJson(reply, await (isRotated ? presentNew : present)(webhook));
    },
    DELETE: async (request, reply) => {
      await webhooks.remove(request.params.id);
      return reply.code(204).send();
    },
  });

  addRoutes(app, '/api/v1/webhooks/:id/test', {
    POST: async (request, reply) => {
      const { id } = request.params;
      readBody(noFields, request.body ?? {});
      const signal = streams.open(reply.raw, { endsWithServer: true });
      return sendJson(reply, testResource(await webhooks.test(id, (nowMs) => pingBody(id, nowMs), signal)));
    },
  });

  addRoutes(app, '/api/v1/webhooks/:id/deliveries', {
    GET: async (request, reply) => {
      const query = queryOf(request.url);
      refuseUnknownParameters(query, ['limit']);
      const limit = wholeParameter(query, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT;
      const { waiting, finished } = await webhooks.deliveries(request.params.id, limit);
      return sendJson(reply, { waiting: waiting.map(waitingResource), finished: finished.map(finishedResource) });
    },
  });
}
