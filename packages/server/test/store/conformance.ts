import { describe } from 'vitest';
import { describeArrays } from './conformance/arrays.ts';
import { describeFilters } from './conformance/filters.ts';
import { describeHistory } from './conformance/history.ts';
import { describeKeys } from './conformance/keys.ts';
import { describeListeners } from './conformance/listeners.ts';
import { describeModel } from './conformance/model.ts';
import type { OpenStore } from './conformance/open-store.ts';
import { describeOutbox } from './conformance/outbox.ts';
import { describePages } from './conformance/pages.ts';
import { describeRules } from './conformance/rules.ts';
import { describeSchedules } from './conformance/schedules.ts';
import { describeSimilarIds } from './conformance/similar-ids.ts';
import { describeSorts } from './conformance/sorts.ts';
import { describeUpkeep } from './conformance/upkeep.ts';
import { describeWebhooks } from './conformance/webhooks.ts';
import { describeWrites } from './conformance/writes.ts';

/** What every store has to keep: the promises of `JobStore`, whatever stands behind it. */
export function describeStore(name: string, open: OpenStore): void {
  describe(`${name}: writes`, () => describeWrites(open));
  describe(`${name}: keys of submits`, () => describeKeys(open));
  describe(`${name}: history`, () => describeHistory(open));
  describe(`${name}: listeners`, () => describeListeners(open));
  describe(`${name}: pages`, () => describePages(open));
  describe(`${name}: sorts`, () => describeSorts(open));
  describe(`${name}: filters`, () => describeFilters(open));
  describe(`${name}: upkeep`, () => describeUpkeep(open));
  describe(`${name}: arrays`, () => describeArrays(open));
  describe(`${name}: rules of the queue`, () => describeRules(open));
  describe(`${name}: schedules`, () => describeSchedules(open));
  describe(`${name}: webhooks`, () => describeWebhooks(open));
  describe(`${name}: outbox`, () => describeOutbox(open));
  describe(`${name}: similar ids`, () => describeSimilarIds(open));
  describe(`${name}: model`, () => describeModel(open));
}
