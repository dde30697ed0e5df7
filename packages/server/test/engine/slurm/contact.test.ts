import { expect, it } from 'vitest';
import { startHttpServer } from '../../../../client/test/fixture/http-server.ts';
import { createExchanger } from '../../../src/engine/slurm/client/rest/exchange.ts';
import { createContact } from '../../../src/engine/slurm/contact.ts';

const SINCE = '2026-11-24T12:00:00.000Z';

/** What is told of a slurmrestd after a call to it, the name in front and the moment taken away. */
async function troubleAt(url: string, answerWithinMs?: number): Promise<string> {
  const description = `slurmrestd at ${url}`;
  const contact = createContact(
    description,
    () => Date.parse(SINCE),
    () => {},
  );
  const exchanger = createExchanger(url, () => ({}), answerWithinMs);
  const call = contact.reach(() => exchanger.send({ method: 'GET', path: '/slurm' }));
  await expect(call).rejects.toMatchObject({ kind: 'unknown', message: expect.stringContaining(description) });
  exchanger.close();
  const trouble = contact.trouble() ?? '';
  const before = `${description} is out of reach since ${SINCE}: `;
  expect(trouble.slice(0, before.length)).toBe(before);
  return trouble.slice(before.length);
}

it('one that refuses the connection is named once, with the reason', async () => {
  const gone = await startHttpServer((_, response) => {
    response.end();
  });
  const url = gone.address;
  await gone.close();
  expect(await troubleAt(url)).toMatch(/^did not answer: connect ECONNREFUSED /);
});

it('one that is silent is said to have been so once', async () => {
  const silent = await startHttpServer(() => {});
  expect(await troubleAt(silent.address, 50)).toBe('did not answer within 0.05 s');
});

it('what others say of it is kept as it is', async () => {
  const contact = createContact(
    'Slurm (by its commands)',
    () => Date.parse(SINCE),
    () => {},
  );
  await expect(contact.reach(() => Promise.reject(new Error('squeue: not found')))).rejects.toThrow();
  expect(contact.trouble()).toBe(`Slurm (by its commands) is out of reach since ${SINCE}: squeue: not found`);
});
