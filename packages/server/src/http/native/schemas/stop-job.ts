import { z } from 'zod';

/** A day: a longer grace would hold a machine's resources for a driver that was told to go. */
const MAX_GRACE_SECONDS = 86_400;

/** Fractions are allowed. */
export const graceSeconds = z.number().min(0).max(MAX_GRACE_SECONDS);

/** Body of `POST /api/v1/jobs/{id}/stop`; none at all is one without fields. */
export const stopJob = z
  .strictObject({
    grace_seconds: graceSeconds.optional().describe("Between SIGTERM and SIGKILL. Absent: the job's own."),
  })
  .meta({ id: 'StopRequest' });
