import { describe, inject } from 'vitest';
import { describeEngine } from '../../conformance.ts';
import { settingsFor, slurmHarness } from './harness.ts';

const cluster = inject('slurm');
const settings = cluster && settingsFor(cluster, 'socket');

if (cluster && settings) describeEngine('Slurm engine by slurmrestd on a socket', slurmHarness(cluster, settings));
else describe.skip('Slurm engine by slurmrestd on a socket: there is no cluster that offers that');
