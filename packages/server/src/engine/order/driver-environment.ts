import type { AttemptOrder } from '../engine.ts';

/** The variable that marks every process of an attempt, unless it was taken from its environment. */
export const TOKEN_VARIABLE = 'DROVER_ATTEMPT';

const ALLOWED = new Set(['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TMPDIR']);

/** What drivers get of the server's environment: the launcher has it, and they inherit it. */
export function allowedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  passVariables: readonly string[],
): Record<string, string> {
  const passed: Record<string, string> = { PYTHONUNBUFFERED: '1' };
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    if (ALLOWED.has(name) || name.startsWith('LC_') || passVariables.includes(name)) passed[name] = value;
  }
  return passed;
}

/**
 * The variables that the order sets: the job's own, and those that it may not change. On a machine with GPUs a driver that was given
 * none sees none, so that it does not take another's.
 */
export function driverVariables(order: AttemptOrder, engineHasGpus: boolean): Record<string, string> {
  const gpus = engineHasGpus ? { CUDA_VISIBLE_DEVICES: order.gpus.join(',') } : {};
  return { ...order.variables, ...gpus, [TOKEN_VARIABLE]: order.attemptId };
}
