import { expect, test } from 'vitest';
import { startServer, submitted } from '../harness.ts';

async function start() {
  const { url, service } = await startServer();
  await submitted(service, { id: 'a' });
  service.start('a');
  const search = async (query: string) => {
    const response = await fetch(`${url}/api/v1/jobs/a/logs/search?${query}`);
    return { status: response.status, body: await response.json() };
  };
  return { url, service, search, log: service.output('a') };
}

test('lines that hold the text are found, each once, with their offsets', async () => {
  const { search, log } = await start();
  log.append('error one, error two\nfine\nmy error: ä.*\n\nError\n');
  expect(await search('q=error')).toEqual({
    status: 200,
    body: {
      matches: [
        { offset: 0, text: 'error one, error two' },
        { offset: 26, text: 'my error: ä.*' },
      ],
      next_after: 48,
      complete: true,
    },
  });
  expect((await search('q=%C3%A4.*')).body.matches).toEqual([{ offset: 26, text: 'my error: ä.*' }]);
  expect((await search('q=e*')).body.matches).toEqual([]);
});

test('a limit ends a page, and the next begins behind it', async () => {
  const { search, log } = await start();
  log.append(Array.from({ length: 5 }, (_, index) => `hit ${index}\n`).join(''));
  const first = (await search('q=hit&limit=2')).body;
  expect(first).toMatchObject({ complete: false, matches: [{ text: 'hit 0' }, { text: 'hit 1' }] });
  const rest = (await search(`q=hit&after=${first.next_after}`)).body;
  expect(rest.matches.map(({ text }: { text: string }) => text)).toEqual(['hit 2', 'hit 3', 'hit 4']);
  expect(rest.complete).toBe(true);
});

test('a line that is still being written comes with its rest, or is found once', async () => {
  const { search, log } = await start();
  log.append('done\nhalf of it');
  const first = (await search('q=whole')).body;
  expect(first).toEqual({ matches: [], next_after: 5, complete: true });
  log.append(' is whole\n');
  expect((await search(`q=whole&after=${first.next_after}`)).body.matches).toEqual([
    { offset: 5, text: 'half of it is whole' },
  ]);
});

test('lines that lie across what is read at once are found whole', async () => {
  const { search, log } = await start();
  const windowBytes = 1024 * 1024;
  log.append(`${'x\n'.repeat(windowBytes / 2 - 3)}needle across\n${'y'.repeat(2 * windowBytes)}needle\nneedle\n`);
  const { matches } = (await search('q=needle')).body;
  expect(matches[0]).toEqual({ offset: windowBytes - 6, text: 'needle across' });
  expect(matches.at(-1).text).toBe('needle');
  expect(matches).toHaveLength(3);
});

test('what a capped log has dropped is not searched, also while it is read', async () => {
  const { search, log } = await start();
  log.append(`hit 1\nhit 2\n${'.'.repeat(100_000)}\nhit 3\n`);
  log.dropBefore(6);
  expect((await search('q=hit&limit=1')).body.matches).toEqual([{ offset: 6, text: 'hit 2' }]);
  log.onSecondChunk = () => log.dropBefore(12);
  expect((await search('q=hit')).body.matches).toEqual([{ offset: 100_013, text: 'hit 3' }]);
});

test('a text may have a thousand characters, whatever they take', async () => {
  const { search, log } = await start();
  const text = '\u{1D11E}'.repeat(1000);
  log.append(`${text}\n`);
  expect((await search(new URLSearchParams({ q: text }).toString())).body.matches).toHaveLength(1);
});

test.each(['', 'q=', 'q=a%0Ab', `q=${'x'.repeat(1001)}`, 'q=a&limit=0', 'q=a&after=-1', 'q=a&regex=1'])(
  '%j is refused',
  async (query) => {
    const { search } = await start();
    expect(await search(query)).toMatchObject({ status: 400, body: { code: 'INVALID_QUERY' } });
  },
);

test('a job without output has no matches, an unknown one is 404', async () => {
  const { search, url } = await start();
  expect((await search('q=a')).body).toEqual({ matches: [], next_after: 0, complete: true });
  expect((await fetch(`${url}/api/v1/jobs/b/logs/search?q=a`)).status).toBe(404);
});
