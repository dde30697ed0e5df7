import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { openTabOrSkip, type Tab } from './chromium.ts';
import { useServer } from './use-server.ts';

// The page at /docs in a real browser.

const TOKEN = 'correct-horse-battery-staple-0123';

const server = useServer();

/** The page of a server that wants a token. */
async function openPage(ctx: TestContext): Promise<Tab> {
  const tab = await openTabOrSkip(ctx);
  const tokenFile = join(server.directory, 'token');
  await writeFile(tokenFile, TOKEN, { mode: 0o600 });
  await server.start(['--token-file', tokenFile]);
  await tab.open(`${server.url}/docs`);
  return tab;
}

/** Clicks the first button that is labelled so, once it is there. */
async function click(tab: Tab, label: string): Promise<void> {
  const button = `[...document.querySelectorAll('button')].find((each) => each.textContent.trim().startsWith('${label}'))`;
  await tab.until(`${button} !== undefined`);
  await tab.evaluate(`${button}.click()`);
}

function shows(text: string): string {
  return `document.body?.innerText.includes(${JSON.stringify(text)}) === true`;
}

it('shows the API, and asks no other host for anything', async (ctx) => {
  const tab = await openPage(ctx);
  await tab.until(shows('Submit a copy of a job that has ended'));
  await tab.until(shows('Powered by Scalar'));
  const paths = tab.requested.map((url) => url.replace(server.url, ''));
  expect(paths).toEqual(['/docs', '/docs/api-reference.js', '/api/v1/openapi.json']);
  expect(tab.complaints).toEqual([]);
});

it('sends a request with the token that was typed into the page', async (ctx) => {
  const tab = await openPage(ctx);
  await tab.until(`document.querySelector('input[placeholder=Token]') !== null`);
  await tab.evaluate(`document.querySelector('input[placeholder=Token]').focus()`);
  await tab.type(TOKEN);
  await click(tab, 'Test Request');
  await click(tab, 'Send');
  await tab.until(shows('200 OK'));
  expect(tab.requested.at(-1)).toMatch(new RegExp(`^${server.url}/api/v1/jobs`));
  expect(tab.complaints).toEqual([]);
});
