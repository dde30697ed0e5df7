import type { EndCode } from '../job/end.ts';

/** What an end code means, and what the job's owner can do. `docs/errors.md` is generated from this table. */
export const END_CODES: { readonly [Code in EndCode]: { meaning: string; remedy: string } } = {
  NONE: {
    meaning: 'The driver ended with exit code 0.',
    remedy: 'Nothing is to be done.',
  },
  ENTRYPOINT_FAILED: {
    meaning: 'The driver ended with another exit code than 0, or a signal ended it (128 + its number).',
    remedy: "Read the job's log: the driver says why.",
  },
  ENVIRONMENT_FAILED: {
    meaning: 'The runtime environment could not be made ready, so no driver was started.',
    remedy: 'The message names the field or quotes the installer; correct runtime_env and submit again.',
  },
  DRIVER_LOST: {
    meaning: 'Nothing of the driver runs any more, and nobody saw how it ended (the machine went down, for instance).',
    remedy: 'Look at what the driver left behind before you submit again: it may have done its work.',
  },
  OUT_OF_MEMORY: {
    meaning: 'The driver used more memory than it had asked for, and the system ended it.',
    remedy: 'Ask for more memory, or use less.',
  },
  TIME_LIMIT: {
    meaning: 'The driver ran longer than its time limit allows, and was ended.',
    remedy: 'Give it more time (`time_limit_seconds`, up to what its queue allows), or less to do.',
  },
  QUEUE_TIME_LIMIT: {
    meaning: 'The job did not have its turn within the time that it was given to wait.',
    remedy: 'Submit it again with a longer `queue_time_limit_seconds`, or when less is waiting.',
  },
  DEPENDENCY_FAILED: {
    meaning: 'A job that this one had to wait for did not end as it had to, so this one was never started.',
    remedy: 'The message names that job and why; run it again, and then this one.',
  },
  ELEMENTS_FAILED: {
    meaning: 'Elements of the array failed or were stopped; the others succeeded.',
    remedy: 'The message says how many, and why the first of them; each element has its own log and end.',
  },
  UNSCHEDULABLE: {
    meaning: 'The job asks for what its engine does not have (any more), in any state.',
    remedy: 'Ask for less, or configure the resource if the machine has it.',
  },
  CANCELLED: {
    meaning: 'Somebody ended the job at the cluster that ran it, past this server.',
    remedy: "The message has the cluster's words; ask who looks after it, and submit again.",
  },
  STOPPED: {
    meaning: 'The job was stopped on request.',
    remedy: 'The message says on whose; submit again to run it again.',
  },
};
