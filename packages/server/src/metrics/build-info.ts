import { Gauge, type Registry } from 'prom-client';

/** What runs here, as labels of a 1. */
export function addBuildInfo(registry: Registry, version: string): void {
  const info = new Gauge({
    name: 'drover_build_info',
    help: 'Always 1; its labels tell what runs here',
    ...{ labelNames: ['version', 'node_version'], registers: [registry] },
  });
  info.set({ version, node_version: process.version }, 1);
}
