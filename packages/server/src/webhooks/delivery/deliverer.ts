import type { Logger } from 'pino';
import { createPatientWrite } from '../../store/patient-write.ts';
import type { WebhookStore } from '../../store/webhook-store.ts';
import { createAlarms } from '../../timing/alarms.ts';
import { type DeliveryAttempt, messageId, type WaitingNotice } from '../../webhook/delivery.ts';
import type { Webhook } from '../../webhook/webhook.ts';
import type { MessageAnswer, SendMessage } from '../send-message.ts';
import { decide, type Verdict } from './decide.ts';
import { afterFailure, afterSuccess, HEALTHY, type ReceiverHealth } from './receiver-health.ts';
import { isCrowded, type Receiver, roomFor, type Traffic } from './room.ts';

export interface DelivererOptions {
  store: WebhookStore;
  send: SendMessage;
  /** Notices that are older are given up when they fail. */
  maxAgeMs: number;
  /** A receiver has said that it wants no more. */
  onGone: (webhookId: string) => void;
  onDelivery: (verdict: Verdict['type']) => void;
  now: () => number;
  /** 0 to 1. */
  random: () => number;
  log: Logger;
}

/** Empties the outbox: sends what is due, each job's events in their order. Does nothing at all while nothing waits. */
export interface Deliverer {
  /** A webhook as it is from now on; it is asked at once, whatever happened before. */
  put(webhook: Webhook): void;
  forget(webhookId: string): void;
  health(webhookId: string): ReceiverHealth;
  /** It answers: what waits need not wait for the end of a pause. */
  endPause(webhookId: string): void;
  /** Nothing is sent before. */
  begin(): void;
  /** Begins nothing more, lets messages that are under way come to their end for a while, and then ends them. */
  close(graceMs: number): Promise<void>;
}

/** After an error of the store, which is none of the receiver's. */
const LOOK_AGAIN_MS = 5_000;

/** So many failures in a row are told to the operator. */
const WORTH_TELLING = 3;

export function createDeliverer(options: DelivererOptions): Deliverer {
  const { store, send, maxAgeMs, onGone, onDelivery, now, random, log } = options;
  const receivers = new Map<string, Receiver>();
  /** Those that found no room among all messages. */
  const crowdedOut = new Set<Receiver>();
  const underWay = new Set<Promise<void>>();
  const traffic: Traffic = { messages: 0, bytes: 0 };
  const alarms = createAlarms(now);
  const ending = new AbortController();
  const writePatiently = createPatientWrite('deliveries to webhooks', log, ending.signal);
  let isOpen = false;

  const isActive = (receiver: Receiver) =>
    isOpen && receiver.webhook.disabled === null && receivers.get(receiver.webhook.id) === receiver;

  const isPaused = ({ health }: Receiver) => health.pausedUntilMs > now();

  /** Looks for what is due, soon. While one look is under way, another is only noted. */
  function wake(receiver: Receiver): void {
    if (!isActive(receiver)) return;
    receiver.isLookWanted = true;
    if (receiver.isLooking) return;
    receiver.isLooking = true;
    receiver.isLookWanted = false;
    look(receiver)
      .catch((error: unknown) => {
        log.error({ err: error, webhook: receiver.webhook.id }, 'could not look for events of a webhook');
        wakeAt(receiver, now() + LOOK_AGAIN_MS);
      })
      .finally(() => {
        receiver.isLooking = false;
        if (receiver.isLookWanted) wake(receiver);
      });
  }

  function wakeAt(receiver: Receiver, atMs: number): void {
    if (!isActive(receiver) || receiver.alarmAtMs === atMs) return;
    receiver.alarmAtMs = atMs;
    alarms.set(receiver.webhook.id, atMs, () => {
      receiver.alarmAtMs = null;
      wake(receiver);
    });
  }

  async function look(receiver: Receiver): Promise<void> {
    const { busyJobs } = receiver;
    if (isPaused(receiver)) return wakeAt(receiver, receiver.health.pausedUntilMs);
    const room = roomFor(receiver, traffic);
    // Without room, whatever of its own ends next wakes it.
    const notices = room === 0 ? [] : await store.nextDue(receiver.webhook.id, busyJobs.size + room + 1);
    for (const notice of notices) {
      if (!isActive(receiver) || isPaused(receiver) || roomFor(receiver, traffic) === 0) break;
      if (busyJobs.has(notice.jobSeq)) continue;
      if (notice.dueAtMs > now()) return wakeAt(receiver, notice.dueAtMs);
      start(receiver, notice);
    }
    if (isCrowded(traffic)) crowdedOut.add(receiver);
  }

  function start(receiver: Receiver, notice: WaitingNotice): void {
    const { jobSeq, bodyBytes } = notice;
    receiver.busyJobs.add(jobSeq);
    traffic.messages += 1;
    traffic.bytes += bodyBytes;
    const delivery = deliver(receiver, notice)
      .catch((error: unknown) => {
        if (ending.signal.aborted) return;
        log.error({ err: error, webhook: notice.webhookId }, 'could not record the delivery of an event');
        // Or it would be sent again at once, and again.
        receiver.health = { ...receiver.health, pausedUntilMs: now() + LOOK_AGAIN_MS };
      })
      .finally(() => {
        receiver.busyJobs.delete(jobSeq);
        traffic.messages -= 1;
        traffic.bytes -= bodyBytes;
        underWay.delete(delivery);
        const waiting = [receiver, ...crowdedOut];
        crowdedOut.clear();
        for (const other of waiting) wake(other);
      });
    underWay.add(delivery);
  }

  async function deliver(receiver: Receiver, notice: WaitingNotice): Promise<void> {
    const { webhook, health } = receiver;
    const body = await store.body(notice.id);
    if (body === null) return;
    const message = { id: messageId(webhook.id, notice.eventId), body };
    const answer = await send(webhook, message, ending.signal);
    // A message that this server broke off says nothing of its receiver; the next server sends it again.
    if (ending.signal.aborted && answer.problem !== null) return;
    await conclude(receiver, notice, attemptOf(answer), health.round);
  }

  async function conclude(
    receiver: Receiver,
    notice: WaitingNotice,
    attempt: DeliveryAttempt,
    sentInRound: number,
  ): Promise<void> {
    const verdict = decide(attempt, notice, { nowMs: now(), maxAgeMs, random: random() });
    onDelivery(verdict.type);
    if (verdict.type === 'delivered') noteSuccess(receiver);
    else noteFailure(receiver, attempt, sentInRound);
    switch (verdict.type) {
      case 'delivered':
      case 'give_up':
        await writePatiently(() => store.finish(notice.id, attempt, verdict.type === 'delivered'));
        return;
      case 'gone':
        onGone(notice.webhookId);
        break;
      case 'retry':
    }
    await writePatiently(() => store.postpone(notice.id, attempt, verdict.dueAtMs));
  }

  function noteSuccess(receiver: Receiver): void {
    const { health, webhook } = receiver;
    if (health.failures >= WORTH_TELLING) log.info({ webhook: webhook.id }, 'a webhook takes messages again');
    receiver.health = afterSuccess(health);
  }

  function noteFailure(receiver: Receiver, { problem }: DeliveryAttempt, sentInRound: number): void {
    const { failures } = receiver.health;
    receiver.health = afterFailure(receiver.health, sentInRound, { nowMs: now(), random: random() });
    if (receiver.health.failures === WORTH_TELLING && failures < WORTH_TELLING) {
      log.warn({ webhook: receiver.webhook.id, problem }, 'a webhook does not take messages; they wait for it');
    }
  }

  const unsubscribe = store.onWaiting((webhookIds) => {
    for (const id of webhookIds) {
      const receiver = receivers.get(id);
      // Where it is paused, an alarm is set.
      if (receiver !== undefined && !isPaused(receiver)) wake(receiver);
    }
  });

  return {
    put(webhook) {
      const receiver = receivers.get(webhook.id) ?? newReceiver(webhook);
      receiver.webhook = webhook;
      // What is under way to where it was before says nothing of it.
      receiver.health = { ...HEALTHY, round: receiver.health.round + 1 };
      receivers.set(webhook.id, receiver);
      wake(receiver);
    },
    forget(webhookId) {
      receivers.delete(webhookId);
      alarms.clear(webhookId);
    },
    health: (webhookId) => receivers.get(webhookId)?.health ?? HEALTHY,
    endPause(webhookId) {
      const receiver = receivers.get(webhookId);
      if (receiver === undefined) return;
      noteSuccess(receiver);
      wake(receiver);
    },
    begin() {
      isOpen = true;
      for (const receiver of receivers.values()) wake(receiver);
    },
    async close(graceMs) {
      isOpen = false;
      unsubscribe();
      alarms.close();
      const timer = setTimeout(() => ending.abort(new Error('the server is shutting down')), graceMs);
      await Promise.all(underWay);
      clearTimeout(timer);
      ending.abort();
    },
  };
}

function newReceiver(webhook: Webhook): Receiver {
  return { webhook, health: HEALTHY, busyJobs: new Set(), isLooking: false, isLookWanted: false, alarmAtMs: null };
}

function attemptOf({ atMs, durationMs, status, problem }: MessageAnswer): DeliveryAttempt {
  return { atMs, durationMs, status, problem };
}
