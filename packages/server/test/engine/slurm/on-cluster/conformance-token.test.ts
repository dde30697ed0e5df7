import { describe, inject } from 'vitest';
import { describeEngine } from '../../conformance.ts';
import { settingsFor, slurmHarness } from './harness.ts';

const cluster = inject('slurm');
const settings = cluster && settingsFor(cluster, 'token');

if (cluster && settings) describeEngine('Slurm engine by slurmrestd with a token', slurmHarness(cluster, settings));
else describe.skip('Slurm engine by slurmrestd with a token: there is no cluster that offers that');
