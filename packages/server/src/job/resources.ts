/**
 * What a job asks an engine for. Zero means "none": a job that asks for no CPU takes none from the
 * others, and is not limited to any.
 */
export interface ResourceRequest {
  /** Cores, fractions allowed. */
  cpus: number;
  /** Devices, fractions allowed below 1 (a share of one device), whole numbers above. */
  gpus: number;
  memoryBytes: number;
  /** Custom resources by name, such as `{ NPU: 1 }`. */
  custom: Readonly<Record<string, number>>;
}

export const NO_RESOURCES: ResourceRequest = { cpus: 0, gpus: 0, memoryBytes: 0, custom: {} };

/** A resource request as a flat list of `[name, amount]`, zeros left out. */
export function requestedAmounts(request: ResourceRequest): [name: string, amount: number][] {
  const amounts: [string, number][] = [
    ['cpus', request.cpus],
    ['gpus', request.gpus],
    ['memoryBytes', request.memoryBytes],
    ...Object.entries(request.custom).map(([name, amount]): [string, number] => [`custom:${name}`, amount]),
  ];
  return amounts.filter(([, amount]) => amount > 0);
}
