import fc from 'fast-check';

/** Names that nobody knows, most of them. */
export const UNKNOWN_NAMES = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z_]{1,8}$/) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString') },
);
