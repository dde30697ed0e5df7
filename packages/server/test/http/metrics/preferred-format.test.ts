import { expect, test } from 'vitest';
import { preferredFormat } from '../../../src/http/metrics/preferred-format.ts';

const OPENMETRICS = 'application/openmetrics-text';

test.each([
  [undefined, 'text'],
  ['', 'text'],
  ['*/*', 'text'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'text'],
  ['application/json', 'text'],
  [OPENMETRICS, 'openmetrics'],
  [`${OPENMETRICS}; version=1.0.0; charset=utf-8`, 'openmetrics'],
  // Prometheus 2 and 3.
  [
    `${OPENMETRICS};version=1.0.0,${OPENMETRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
    'openmetrics',
  ],
  [
    `${OPENMETRICS};version=1.0.0;escaping=allow-utf-8;q=0.6,${OPENMETRICS};version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
    'openmetrics',
  ],
  // Before 1.0.0 it was another format.
  [`${OPENMETRICS}; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`, 'text'],
  [`text/plain,${OPENMETRICS}`, 'text'],
  [`text/plain;q=0.4, ${OPENMETRICS};q=0.5`, 'openmetrics'],
  [`${OPENMETRICS};q=0`, 'text'],
  [`${OPENMETRICS};q=many`, 'text'],
  ['APPLICATION/OPENMETRICS-TEXT', 'openmetrics'],
])('%s is answered as %s', (accept, format) => {
  expect(preferredFormat(accept)).toBe(format);
});
