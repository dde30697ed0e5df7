import type { SlurmSubmission } from '../../../../src/engine/slurm/client/slurm-client.ts';

/** A job that asks for nothing but what is given. */
export function aSubmission(details: Partial<SlurmSubmission> = {}): SlurmSubmission {
  return {
    name: 'drover-att-1',
    comment: 'job=j',
    script: '#!/bin/sh\n',
    environment: { PATH: '/bin', A: 'b c' },
    workingDirectory: '/',
    outputPath: '/attempt/output/slurm.log',
    cpus: null,
    memoryMb: null,
    gres: null,
    timeLimitMinutes: null,
    partition: null,
    account: null,
    qos: null,
    constraint: null,
    reservation: null,
    licenses: null,
    nice: null,
    ...details,
  };
}
