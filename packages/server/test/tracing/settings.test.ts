import { expect, it } from 'vitest';
import { readTraceSettings } from '../../src/tracing/settings.ts';

const ADDRESS = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

it.each([
  [{}],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
  [{ ...ADDRESS, OTEL_SDK_DISABLED: 'TRUE' }],
  [{ ...ADDRESS, OTEL_TRACES_EXPORTER: 'none' }],
  [{ OTEL_SERVICE_NAME: 'drover', OTEL_TRACES_SAMPLER: 'always_on' }],
])('traces are off with %j', (variables) => {
  expect(readTraceSettings(variables)).toEqual({ isOn: false, warning: null });
});

it.each([
  [{ ...ADDRESS, OTEL_TRACES_EXPORTER: 'zipkin' }, "no traces are sent: Drover has no exporter 'zipkin', but otlp"],
  [
    { ...ADDRESS, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    "no traces are sent: Drover does not speak 'grpc', but http/protobuf",
  ],
  [
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector:4318' },
    "no traces are sent: 'collector:4318' is no address of http or https",
  ],
])('what cannot be had is told: %j', (variables, warning) => {
  expect(readTraceSettings(variables)).toEqual({ isOn: false, warning });
});

it.each([
  [ADDRESS],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/v1/traces', OTEL_SDK_DISABLED: 'no' }],
  [{ ...ADDRESS, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' }],
  [{ ...ADDRESS, OTEL_BSP_SCHEDULE_DELAY: '-1', OTEL_TRACES_SAMPLER_ARG: '2' }],
])('traces are on, and all are kept, with %j', (variables) => {
  const defaults = { sampler: 'parentbased_always_on', ratio: 1, delayMs: 5_000 };
  expect(readTraceSettings(variables)).toEqual({ isOn: true, ...defaults, warning: null });
});

it('the sampler and the delay are as they are given', () => {
  const sampling = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
  expect(readTraceSettings({ ...ADDRESS, ...sampling, OTEL_BSP_SCHEDULE_DELAY: '100' })).toEqual({
    ...{ isOn: true, sampler: 'traceidratio', ratio: 0.25, delayMs: 100, warning: null },
  });
});

it('a sampler that does not exist is told, and passed over', () => {
  const settings = readTraceSettings({ ...ADDRESS, OTEL_TRACES_SAMPLER: 'jaeger_remote' });
  expect(settings).toMatchObject({ isOn: true, sampler: 'parentbased_always_on' });
  expect(settings.warning).toContain("'jaeger_remote', which is none of always_on");
});
