import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { newSecret, rotateSecret, signatureHeaders } from '../../src/webhook/secrets.ts';

it('a message is signed as the scheme says', () => {
  // The example of the specification of Standard Webhooks.
  const secrets = { current: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', previous: null };
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' };
  expect(signatureHeaders(secrets, message, 1_614_265_330_999)).toEqual({
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('a secret is a key of 32 random bytes', () => {
  const secret = newSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSecret()).not.toBe(secret);
});

it('after a rotation both secrets sign, for as long as was said', () => {
  const before = { current: newSecret(), previous: null };
  const next = newSecret();
  const secrets = rotateSecret(before, next, 1_000);
  const message = { id: 'msg_1', body: '{}' };
  const signed = (nowMs: number) => signatureHeaders(secrets, message, nowMs)['webhook-signature'].split(' ');
  const expected = [next, before.current].map((secret) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    return `v1,${createHmac('sha256', key).update('msg_1.0.{}').digest('base64')}`;
  });
  expect(signed(999)).toEqual(expected);
  expect(signed(1_000)).toHaveLength(1);
  expect(rotateSecret(before, next, null)).toEqual({ current: next, previous: null });
});
