import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { answerText } from './answer-text.ts';
import type { ClusterClient } from './cluster-client.ts';

/** Objects of one kind as the cluster knows them, kept up to date by one watch. */
export interface WatchedCollection<T> {
  /** By name. Empty until the first list has come. */
  all(): ReadonlyMap<string, T>;
  /** Whether a list has come ever. */
  isKnown(): boolean;
  /** Why it is not up to date now, in words; null where it is. */
  trouble(): string | null;
  close(): Promise<void>;
}

export interface WatchOptions<T> {
  client: ClusterClient;
  /** Of the collection, such as `/api/v1/namespaces/default/pods`. */
  path: string;
  /** Null: all objects. */
  labelSelector: string | null;
  /** Reads an object; null passes it over. */
  read(object: unknown): T | null;
  /** @param object null where it is gone */
  onChange(name: string, object: T | null): void;
  /** The collection is known anew, or up to date again. */
  onKnown(): void;
}

const PAGE_SIZE = 500;
/** The apiserver ends a watch after so long, and the next goes on where it was. */
const WATCH_SECONDS = 240;
const AGAIN_AFTER_MS = 250;
const AGAIN_AFTER_AT_MOST_MS = 5000;

const metadataSchema = z.looseObject({ name: z.string().optional(), resourceVersion: z.string().optional() });
const objectSchema = z.looseObject({ metadata: metadataSchema });
const listSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()),
});
const eventSchema = z.looseObject({ type: z.string(), object: z.unknown() });

/** The version from which a watch was to go on is not kept any more (410). */
class Expired extends Error {}

/** Lists a collection, then watches it from that version on; lists again where the version has expired. Goes on until closed. */
export function watchCollection<T>(options: WatchOptions<T>): WatchedCollection<T> {
  const { client, path, read, onChange, onKnown } = options;
  const closing = new AbortController();
  let objects = new Map<string, T>();
  let isKnown = false;
  let trouble: string | null = 'the cluster has not answered yet';
  let version: string | null = null;

  const target = (parameters: Record<string, string>) => {
    const selector = options.labelSelector === null ? {} : { labelSelector: options.labelSelector };
    return `${path}?${new URLSearchParams({ ...selector, ...parameters })}`;
  };

  async function list(): Promise<string> {
    const found = new Map<string, T>();
    let page: string | undefined;
    for (;;) {
      const parameters = { limit: `${PAGE_SIZE}`, ...(page === undefined ? {} : { continue: page }) };
      const answer = await client.request('GET', target(parameters));
      if (answer.status === 410) throw new Expired();
      if (answer.status !== 200) throw new Error(answerText(answer));
      const { metadata, items } = listSchema.parse(answer.body);
      for (const item of items) {
        const name = objectSchema.safeParse(item).data?.metadata.name;
        const object = read(item);
        if (name !== undefined && object !== null) found.set(name, object);
      }
      page = metadata.continue;
      if (page === undefined || page === '') {
        takeList(found);
        return metadata.resourceVersion;
      }
    }
  }

  function takeList(found: Map<string, T>): void {
    const gone = [...objects.keys()].filter((name) => !found.has(name));
    objects = found;
    isKnown = true;
    for (const name of gone) onChange(name, null);
    for (const [name, object] of found) onChange(name, object);
  }

  async function watch(from: string): Promise<void> {
    const parameters = {
      watch: '1',
      resourceVersion: from,
      allowWatchBookmarks: 'true',
      timeoutSeconds: `${WATCH_SECONDS}`,
    };
    let failure: Error | null = null;
    const reader = {
      onOpen() {
        trouble = null;
        onKnown();
      },
      onLine(line: string) {
        if (failure !== null || line === '' || closing.signal.aborted) return;
        try {
          takeEvent(line);
        } catch (error) {
          failure = error instanceof Error ? error : new Error(String(error));
        }
      },
    };
    const status = await client.stream(target(parameters), reader, closing.signal);
    if (failure !== null) throw failure;
    if (status === 410) throw new Expired();
    if (status !== 200) throw new Error(`the cluster answers a watch of ${path} with ${status}`);
  }

  function takeEvent(line: string): void {
    const event = eventSchema.parse(JSON.parse(line));
    if (event.type === 'ERROR') {
      const code = z.looseObject({ code: z.number() }).safeParse(event.object).data?.code;
      if (code === 410) throw new Expired();
      throw new Error(answerText({ status: code ?? 0, body: event.object }));
    }
    const { metadata } = objectSchema.parse(event.object);
    version = metadata.resourceVersion ?? version;
    if (event.type === 'BOOKMARK' || metadata.name === undefined) return;
    const object = event.type === 'DELETED' ? null : read(event.object);
    if (object === null) objects.delete(metadata.name);
    else objects.set(metadata.name, object);
    onChange(metadata.name, object);
  }

  /** Ends sooner when this is closed. */
  const pause = (ms: number) => delay(ms, undefined, { signal: closing.signal }).catch(() => undefined);

  async function run(): Promise<void> {
    let waitMs = AGAIN_AFTER_MS;
    while (!closing.signal.aborted) {
      try {
        const from: string = version ?? (await list());
        version = from;
        if (closing.signal.aborted) return;
        const beganAt = performance.now();
        await watch(from);
        waitMs = AGAIN_AFTER_MS;
        if (performance.now() - beganAt < AGAIN_AFTER_MS) await pause(AGAIN_AFTER_MS);
      } catch (error) {
        if (closing.signal.aborted) return;
        if (error instanceof Expired) {
          version = null;
          continue;
        }
        trouble = error instanceof Error ? error.message : String(error);
        await pause(waitMs);
        waitMs = Math.min(waitMs * 2, AGAIN_AFTER_AT_MOST_MS);
      }
    }
  }

  const running = run();
  return {
    all: () => objects,
    isKnown: () => isKnown,
    trouble: () => trouble,
    async close() {
      closing.abort();
      await running;
    },
  };
}
