import { describe, inject } from 'vitest';
import { describeEngine } from '../../conformance.ts';
import { settingsFor, slurmHarness } from './harness.ts';

const cluster = inject('slurm');
const settings = cluster && settingsFor(cluster, 'commands');

if (cluster && settings) describeEngine('Slurm engine by sbatch and its like', slurmHarness(cluster, settings));
else describe.skip('Slurm engine by sbatch and its like: there is no cluster');
