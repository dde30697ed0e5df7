import { z } from 'zod';
import type { JsonObject } from '../../../job/job.ts';

/*
 * Objects with free keys. Not `z.record`, which copies and loses a key named __proto__ on the way; so each says itself what it is in JSON
 * Schema.
 */

export const jsonObject = z.custom<JsonObject>(isObject, 'expected an object').meta({ type: 'object' });

export const textMap = z
  .custom<Record<string, string>>(
    (value) => isObject(value) && Object.values(value).every((item) => typeof item === 'string'),
    'expected an object of strings',
  )
  .meta({ type: 'object', additionalProperties: { type: 'string' } });

export const amountMap = z
  .custom<Record<string, number>>(
    (value) => isObject(value) && Object.values(value).every(isAmount),
    'expected an object of numbers of at least 0',
  )
  .meta({ type: 'object', additionalProperties: { type: 'number', minimum: 0 } });

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
