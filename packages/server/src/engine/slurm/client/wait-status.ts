/**
 * A job's exit code as a shell reports it, from the status as wait(2) has it: 1280 is exit code 5, 9 is signal 9 (137). Null where it
 * is neither: Slurm puts numbers of its own errors there, such as 4021, where it could not start the script.
 */
export function shellCodeOf(waitStatus: number): number | null {
  const signal = waitStatus & 0x7f;
  const code = waitStatus >> 8;
  if (signal === 0) return code <= 255 ? code : null;
  return code === 0 && signal < 0x7f ? 128 + signal : null;
}
