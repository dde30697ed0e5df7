import { z } from 'zod';
import type { Operation } from '../openapi/operation.ts';
import { wholeOr } from '../openapi/query-parameter.ts';
import { noFields } from './schemas/no-fields.ts';
import { changeWebhook as changeWebhookBody, createWebhook as createWebhookBody } from './schemas/webhook.ts';
import { deliveryList, webhook, webhookList, webhookTest, webhookWithSecret } from './schemas/webhook-answer.ts';

const path = { id: { schema: z.string().min(1), description: 'Id of the webhook.' } };

export const listWebhooks = {
  id: 'listWebhooks',
  tag: 'Webhooks',
  summary: 'List webhooks, in the order of their creation',
  answers: { 200: { description: 'All webhooks.', content: { 'application/json': webhookList } } },
  errors: [],
} satisfies Operation;

export const createWebhook = {
  id: 'createWebhook',
  tag: 'Webhooks',
  summary: 'Create a webhook',
  description: 'The answer shows the secret that messages are signed with: no other does.',
  body: { content: { 'application/json': createWebhookBody }, isRequired: true },
  answers: {
    201: {
      description: 'The webhook, with its secret.',
      content: { 'application/json': webhookWithSecret },
      headers: { Location: { schema: z.string(), description: 'Path of the webhook.', isRequired: true } },
    },
  },
  errors: ['WEBHOOK_NOT_ALLOWED', 'TOO_MANY_WEBHOOKS', 'STORAGE_FULL'],
} satisfies Operation;

export const getWebhook = {
  id: 'getWebhook',
  tag: 'Webhooks',
  summary: 'One webhook',
  path,
  answers: { 200: { description: 'The webhook.', content: { 'application/json': webhook } } },
  errors: ['WEBHOOK_NOT_FOUND'],
} satisfies Operation;

export const changeWebhook = {
  id: 'changeWebhook',
  tag: 'Webhooks',
  summary: 'Change a webhook, disable it, or give it a new secret',
  description:
    'What is absent stays as it was; null takes a filter away. What waits goes to the webhook as it is then.',
  path,
  body: { content: { 'application/json': changeWebhookBody }, isRequired: true },
  answers: {
    200: {
      description: 'The webhook; with its secret where that is a new one.',
      content: { 'application/json': z.union([webhook, webhookWithSecret]) },
    },
  },
  errors: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_NOT_ALLOWED', 'STORAGE_FULL'],
} satisfies Operation;

export const deleteWebhook = {
  id: 'deleteWebhook',
  tag: 'Webhooks',
  summary: 'Delete a webhook',
  description: 'What waits for it is dropped.',
  path,
  answers: { 204: { description: 'The webhook is gone.' } },
  errors: ['WEBHOOK_NOT_FOUND', 'STORAGE_FULL'],
} satisfies Operation;

export const testWebhook = {
  id: 'testWebhook',
  tag: 'Webhooks',
  summary: 'Send a webhook a message now, also where it is disabled',
  path,
  body: { content: { 'application/json': noFields }, isRequired: false },
  answers: { 200: { description: 'What it was answered with.', content: { 'application/json': webhookTest } } },
  errors: ['WEBHOOK_NOT_FOUND', 'TOO_MANY_REQUESTS'],
} satisfies Operation;

export const listDeliveries = {
  id: 'listWebhookDeliveries',
  tag: 'Webhooks',
  summary: 'What waits for a webhook, and what was tried last',
  path,
  query: { limit: wholeOr(50, 'Most of each of the two.', { least: 1, most: 100 }) },
  answers: { 200: { description: 'The deliveries.', content: { 'application/json': deliveryList } } },
  errors: ['WEBHOOK_NOT_FOUND'],
} satisfies Operation;
