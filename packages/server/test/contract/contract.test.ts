import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useServer } from '../server/use-server.ts';
import { requestsBeyondBounds } from './bounds.ts';
import { type DescribedApi, readDescribedApi } from './described-operations.ts';
import { type Draft, describeDraft } from './draft.ts';
import { createDraftMaker } from './draft-requests.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { judge } from './judge.ts';
import { createKeptThings, type KeptThings } from './kept-things.ts';
import { createSchemaCheck, type SchemaCheck } from './schema-check.ts';
import { createSpoiler } from './spoil.ts';

/*
 * Requests are drawn from the OpenAPI document and sent to a real server: right ones, and such with one thing wrong. Whatever comes, the
 * answer has to be one that the document describes. `CONTRACT_RUNS` and `CONTRACT_SEED` let it run longer, and elsewhere.
 */

const RUNS = Number(process.env.CONTRACT_RUNS ?? 200);
const SEED = Number(process.env.CONTRACT_SEED ?? 20_261_125);

/** Sent at once, so that they get in each other's way. */
const MOST_AT_ONCE = 4;

const RUNS_BETWEEN_KEEPING = 5;

/** Of an operation that was refused each time, for what it has met. */
const MOST_TRIES = 60;

const server = useServer('all');
let api: DescribedApi;
let check: SchemaCheck;
let exchange: Exchange;
let things: KeptThings;

beforeAll(async () => {
  await server.start(['--allowed-webhook-hosts', '127.0.0.1']);
  api = await readDescribedApi(server.url);
  check = createSchemaCheck(api);
  exchange = createExchange(server.url);
  things = await createKeptThings(server.url);
  await things.keep();
});

afterAll(async () => {
  exchange.close();
  await things.close();
});

/** @throws {Error} with the request, where the answer is none that the document describes for it */
async function sendAndJudge(draft: Draft): Promise<number> {
  const received = await exchange.send(draft).catch((error: unknown) => {
    throw new Error(`${String(error)}\n  ${describeDraft(draft)}`);
  });
  const fault = judge(draft, received, check);
  if (fault === null) return received.status;
  const answer = `${received.status} ${received.body.toString().slice(0, 2_000)}`;
  throw new Error(`${fault}\n  ${describeDraft(draft)}\n  answer: ${answer}`);
}

it('every answer is one that the document describes', { timeout: 600_000 }, async () => {
  const draftOf = createDraftMaker(api, check, things.known);
  const spoil = createSpoiler(api, check);
  const served = new Set<string>();
  let runs = 0;

  const anyOperation = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...api.described) },
    { weight: 1, arbitrary: fc.constantFrom(...api.heads) },
    // The rest depends on what was submitted.
    {
      weight: 1,
      arbitrary: fc.constantFrom(...api.described.filter(({ operationId }) => operationId === 'submitJob')),
    },
  );
  const anyDraft = anyOperation
    .chain(draftOf)
    .chain((draft) => fc.oneof({ weight: 3, arbitrary: fc.constant(draft) }, { weight: 2, arbitrary: spoil(draft) }));

  const property = fc
    .asyncProperty(fc.array(anyDraft, { minLength: 1, maxLength: MOST_AT_ONCE }), async (drafts) => {
      const statuses = await Promise.all(drafts.map(sendAndJudge));
      for (const [index, { operation }] of drafts.entries()) {
        if (Number(statuses[index]) < 400) served.add(operation.operationId);
      }
    })
    .beforeEach(async () => {
      if (runs % RUNS_BETWEEN_KEEPING === 0) await things.keep();
      runs += 1;
    });
  // Not shrunk: what the server holds by then would not be what it held.
  const { errorInstance } = await fc.check(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
  if (errorInstance instanceof Error) throw new Error(`${errorInstance.message}\n  seed: ${SEED}`);

  // What was always refused was not tried in earnest.
  for (const operation of api.described.filter(({ operationId }) => !served.has(operationId))) {
    const drafts = fc.sample(draftOf(operation), { numRuns: MOST_TRIES, seed: SEED });
    expect(await isOneServed(drafts), operation.operationId).toBe(true);
  }
});

async function isOneServed(drafts: readonly Draft[]): Promise<boolean> {
  for (const draft of drafts) {
    await things.keep();
    if ((await sendAndJudge(draft)) < 400) return true;
  }
  return false;
}

it('whatever lies right beyond a bound of the document is refused', async () => {
  const draftOf = createDraftMaker(api, check, things.known);
  const drafts = api.described.flatMap((operation) =>
    fc
      .sample(
        draftOf(operation).filter(({ body }) => body !== null || operation.requestBody === undefined),
        { numRuns: 1, seed: SEED },
      )
      .flatMap((draft) => requestsBeyondBounds(draft, api, check)),
  );
  expect(drafts.length).toBeGreaterThan(50);
  for (const draft of drafts) await sendAndJudge(draft);
});
