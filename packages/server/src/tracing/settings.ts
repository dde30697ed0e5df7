/** When and how traces are sent, as OpenTelemetry's variables say; where to is for the exporter to read. */
export type TraceSettings = {
  /** What was asked for and cannot be had, as a sentence; null where nothing was. */
  warning: string | null;
} & ({ isOn: false } | { isOn: true; sampler: SamplerName; ratio: number; delayMs: number });

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

const DEFAULT_DELAY_MS = 5_000;
const PROTOCOL = 'http/protobuf';

/**
 * Traces are on where an address for them is named, or the exporter `otlp`, and nothing turns them off. An empty variable is like none.
 * What cannot be sent is not sent; a sampler that does not exist is passed over, as OpenTelemetry asks for.
 */
export function readTraceSettings(variables: Readonly<Record<string, string | undefined>>): TraceSettings {
  const read = (...names: string[]) => names.map((name) => variables[name]?.trim()).find((value) => value) ?? '';
  const exporter = read('OTEL_TRACES_EXPORTER');
  const address = read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const isOff = exporter === 'none' || read('OTEL_SDK_DISABLED').toLowerCase() === 'true';
  if (isOff || (exporter === '' && address === '')) return { isOn: false, warning: null };
  if (exporter !== '' && exporter !== 'otlp') {
    return { isOn: false, warning: `no traces are sent: Drover has no exporter '${exporter}', but otlp` };
  }
  if (address !== '' && !/^https?:$/.test(URL.parse(address)?.protocol ?? '')) {
    return { isOn: false, warning: `no traces are sent: '${address}' is no address of http or https` };
  }
  const protocol = read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL') || PROTOCOL;
  if (protocol !== PROTOCOL) {
    return { isOn: false, warning: `no traces are sent: Drover does not speak '${protocol}', but ${PROTOCOL}` };
  }

  const samplerName = read('OTEL_TRACES_SAMPLER') || 'parentbased_always_on';
  const sampler = SAMPLERS.find((known) => known === samplerName);
  const warning = `OTEL_TRACES_SAMPLER is '${samplerName}', which is none of ${SAMPLERS.join(', ')}`;
  return {
    isOn: true,
    sampler: sampler ?? 'parentbased_always_on',
    ratio: numberWithin(read('OTEL_TRACES_SAMPLER_ARG'), 1) ?? 1,
    delayMs: numberWithin(read('OTEL_BSP_SCHEDULE_DELAY'), Number.MAX_SAFE_INTEGER) ?? DEFAULT_DELAY_MS,
    warning: sampler === undefined ? warning : null,
  };
}

/** Null for what is no number from 0 to `most`. */
function numberWithin(text: string, most: number): number | null {
  const number = text === '' ? Number.NaN : Number(text);
  return number >= 0 && number <= most ? number : null;
}
