import { defineConfig } from 'vitest/config';

const onSlurm = 'packages/server/test/engine/slurm/on-cluster/**';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    pool: 'forks',
    // More than processors: many tests wait for clusters and processes.
    maxWorkers: 3,
    // Long enough for a machine that does other things as well; who waits is woken as soon as it is there.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      { extends: true, test: { name: 'drover', include: ['packages/*/test/**/*.test.ts'], exclude: [onSlurm] } },
      // A cluster is brought up only where one of these is to run.
      {
        extends: true,
        test: {
          name: 'slurm',
          include: [`${onSlurm}/*.test.ts`],
          globalSetup: ['packages/server/test/engine/slurm/on-cluster/bring-up.ts'],
        },
      },
    ],
  },
});
