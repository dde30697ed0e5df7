import type { ExpositionFormat } from '../../metrics/exposition.ts';

const OPENMETRICS = 'application/openmetrics-text';
const TEXT: ReadonlySet<string> = new Set(['text/plain', 'text/*', '*/*']);

/** The format that an `Accept` header wants more; the text format where it wants neither. */
export function preferredFormat(accept: string | undefined): ExpositionFormat {
  let openMetrics = 0;
  let text = 0;
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const [type, ...rest] = range.split(';').map((part) => part.trim());
    const parameters = new Map(rest.map((part) => part.split('=')).map(([name = '', value = '']) => [name, value]));
    const quality = qualityOf(parameters.get('q'));
    // Version 0.0.1 was a draft, and is another format.
    if (type === OPENMETRICS && (parameters.get('version') ?? '1.0.0') === '1.0.0') {
      openMetrics = Math.max(openMetrics, quality);
    } else if (type !== undefined && TEXT.has(type)) {
      text = Math.max(text, quality);
    }
  }
  return openMetrics > text ? 'openmetrics' : 'text';
}

function qualityOf(text: string | undefined): number {
  const quality = Number(text ?? 1);
  return quality >= 0 && quality <= 1 ? quality : 0;
}
