import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished, type TestContext } from 'vitest';
import { temporaryDirectory } from '../environment/temporary-directory.ts';
import { eventually } from './job-api.ts';

/** A tab of a real browser. */
export interface Tab {
  open(url: string): Promise<void>;
  /** What an expression of JavaScript is in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Resolves when the expression is true in the page. */
  until(expression: string): Promise<void>;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
  /** Addresses that the page has asked, `data:` left out. */
  readonly requested: string[];
  /** What the browser complains about: exceptions, refused scripts, failed requests. */
  readonly complaints: string[];
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--remote-debugging-port=0', '--window-size=1400,1000'],
];

/** A tab of Chromium, which ends with the test; the test is skipped where there is none. */
export async function openTabOrSkip(ctx: TestContext): Promise<Tab> {
  const program = NAMES.find(isOnPath);
  if (program === undefined) return ctx.skip('needs Chromium on the PATH');
  const profile = await temporaryDirectory();
  const browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    const exited = once(browser, 'exit');
    if (browser.kill()) await exited;
  });
  return connect(await debuggerPort(browser));
}

function isOnPath(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Its stderr is read to the end, or the browser would wait for a reader some day. */
function debuggerPort(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    browser.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const port = /^DevTools listening on ws:\/\/[^/]+:(\d+)\//m.exec(output)?.[1];
      if (port !== undefined) resolve(port);
    });
    browser.once('exit', () => reject(new Error(`the browser ended before it listened: ${output}`)));
  });
}

interface Message {
  id?: number;
  method?: string;
  params?: { request?: { url: string }; entry?: { level: string; text: string }; exceptionDetails?: object };
  result?: { result?: { value?: unknown }; exceptionDetails?: object };
}

/** Speaks the protocol of the developer tools with the first tab. */
async function connect(port: string): Promise<Tab> {
  const list = await fetch(`http://127.0.0.1:${port}/json`);
  const targets: { type: string; webSocketDebuggerUrl: string }[] = await list.json();
  const socket = new WebSocket(targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');
  const waiting: ((message: Message) => void)[] = [];
  const requested: string[] = [];
  const complaints: string[] = [];

  socket.addEventListener('message', ({ data }) => {
    const message: Message = JSON.parse(data);
    if (message.id !== undefined) waiting[message.id]?.(message);
    const { request, entry, exceptionDetails } = message.params ?? {};
    if (message.method === 'Network.requestWillBeSent' && request !== undefined && !request.url.startsWith('data:')) {
      requested.push(request.url);
    }
    if (entry?.level === 'error') complaints.push(entry.text);
    if (exceptionDetails !== undefined) complaints.push(JSON.stringify(exceptionDetails));
  });

  function send(method: string, params: object = {}): Promise<Message> {
    return new Promise((resolve) => {
      socket.send(JSON.stringify({ id: waiting.push(resolve) - 1, method, params }));
    });
  }

  async function evaluate(expression: string): Promise<unknown> {
    const { result } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (result?.exceptionDetails !== undefined) throw new Error(JSON.stringify(result.exceptionDetails));
    return result?.result?.value;
  }

  for (const domain of ['Network', 'Runtime', 'Log', 'Page']) await send(`${domain}.enable`);
  return {
    requested,
    complaints,
    evaluate,
    open: async (url) => void (await send('Page.navigate', { url })),
    until: async (expression) => void (await eventually(expression, async () => (await evaluate(expression)) === true)),
    type: async (text) => void (await send('Input.insertText', { text })),
  };
}
