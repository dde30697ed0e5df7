import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createGate, type GateOptions } from '../../../src/http/security/gate.ts';

const OPEN: GateOptions = {
  isHostAllowed: () => true,
  checkToken: () => 'accepted',
  isPage: () => false,
  isPublic: () => false,
  isClosing: () => false,
  isStarting: () => false,
};

function request(url: string): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.method = 'GET';
  message.url = url;
  message.headers.host = 'localhost';
  return message;
}

test('a server that closes takes nothing more, whoever asks', () => {
  let isClosing = false;
  const gate = createGate({ ...OPEN, checkToken: () => 'wrong', isPublic: () => true, isClosing: () => isClosing });
  expect(gate(request('/healthz'))).toBeNull();
  isClosing = true;
  expect(gate(request('/healthz'))?.code).toBe('SHUTTING_DOWN');
});

test('a server that starts answers nothing but what needs no token', () => {
  let isStarting = true;
  const gate = createGate({ ...OPEN, isPublic: (path) => path === '/healthz', isStarting: () => isStarting });
  expect(gate(request('/api/jobs'))?.code).toBe('STARTING');
  expect(gate(request('/healthz'))).toBeNull();
  isStarting = false;
  expect(gate(request('/api/jobs'))).toBeNull();
});

test('a target in absolute form is put into the usual form for those behind', () => {
  const absolute = request('http://localhost:8888?limit=1');
  expect(createGate(OPEN)(absolute)).toBeNull();
  expect(absolute.url).toBe('/?limit=1');
});

test('a stranger is refused before the token is looked at', () => {
  const gate = createGate({
    ...OPEN,
    isHostAllowed: () => false,
    checkToken: () => {
      throw new Error('it was looked at');
    },
  });
  expect(gate(request('/api/jobs'))?.code).toBe('HOST_NOT_ALLOWED');
});
