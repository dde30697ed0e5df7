import type { ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { watchCollection } from '../../../src/engine/kubernetes/client/watch-collection.ts';
import { until } from '../until.ts';
import { sendObject, startScriptedApi } from './scripted-api.ts';

const PATH = '/api/v1/namespaces/default/pods';
const schema = z.looseObject({ metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }) });
const object = (name: string, version: string) => ({ metadata: { name, resourceVersion: version } });
const event = (type: string, value: object) => `${JSON.stringify({ type, object: value })}\n`;

/** A collection whose lists come one after the other, and whose watches are written by the test. */
async function watchScripted(lists: { version: string; names: string[]; next?: string }[]) {
  const watches: ServerResponse[] = [];
  const changes: [name: string, version: string | null][] = [];
  const api = await startScriptedApi((target, response) => {
    if (target.searchParams.has('watch')) {
      response.writeHead(200).flushHeaders();
      watches.push(response);
      return;
    }
    const list = lists.shift();
    if (list === undefined) {
      sendObject(response, 500, { message: 'no more lists' });
      return;
    }
    const { version, names, next } = list;
    const metadata = { resourceVersion: version, ...(next === undefined ? {} : { continue: next }) };
    sendObject(response, 200, { metadata, items: names.map((name) => object(name, version)) });
  });
  const collection = watchCollection({
    client: api.client,
    path: PATH,
    labelSelector: 'drover.dev/server=1',
    read: (given) => schema.safeParse(given).data?.metadata.resourceVersion ?? null,
    onChange: (name, version) => changes.push([name, version]),
    onKnown: () => undefined,
  });
  onTestFinished(async () => {
    await collection.close();
    api.close();
  });
  const watch = (index: number) => until(`watch ${index}`, () => watches[index] ?? null);
  return { api, collection, changes, watch };
}

it('lists page by page, then watches from the version of the list on', async () => {
  const { api, collection, watch } = await watchScripted([
    { version: '5', names: ['a'], next: 'page-2' },
    { version: '5', names: ['b'] },
  ]);
  const first = await watch(0);
  expect([...collection.all().keys()]).toEqual(['a', 'b']);
  expect(api.asked[0]).toContain('labelSelector=drover.dev%2Fserver%3D1');
  expect(api.asked[1]).toContain('continue=page-2');
  expect(api.asked[2]).toContain('resourceVersion=5');
  first.write(event('MODIFIED', object('a', '6')) + event('ADDED', object('c', '7')).slice(0, 9));
  await until('the change', () => collection.all().get('a') === '6');
  first.write(event('ADDED', object('c', '7')).slice(9) + event('DELETED', object('b', '8')));
  await until('the deletion', () => !collection.all().has('b'));
  expect([...collection.all()]).toEqual([
    ['a', '6'],
    ['c', '7'],
  ]);
});

it('goes on from the last version, also that of a bookmark, when a watch ends', async () => {
  const { api, watch } = await watchScripted([{ version: '5', names: [] }]);
  const first = await watch(0);
  first.end(event('ADDED', object('a', '6')) + event('BOOKMARK', { metadata: { resourceVersion: '90' } }));
  await watch(1);
  expect(api.asked.at(-1)).toContain('resourceVersion=90');
});

it('lists again when the version has expired, and tells what has gone meanwhile', async () => {
  const { collection, changes, watch } = await watchScripted([
    { version: '5', names: ['a', 'b'] },
    { version: '70', names: ['b', 'c'] },
  ]);
  const first = await watch(0);
  changes.length = 0;
  first.write(event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' }));
  first.end();
  await watch(1);
  expect(changes).toEqual([
    ['a', null],
    ['b', '70'],
    ['c', '70'],
  ]);
  expect(collection.trouble()).toBeNull();
});

it('says what is wrong while it cannot list, keeps what it knew, and finds back by itself', async () => {
  const { collection, watch } = await watchScripted([{ version: '5', names: ['a'] }]);
  const first = await watch(0);
  first.write(event('ERROR', { kind: 'Status', code: 410, message: 'too old' }));
  first.end();
  await until('trouble', () => collection.trouble() === 'the cluster answers 500: no more lists');
  expect([...collection.all().keys()]).toEqual(['a']);
});
