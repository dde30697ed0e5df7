import { listPids } from './list-pids.ts';
import { readOfProcess, readProcess } from './process-entry.ts';

/** Whether a live process has `argument` among its arguments: a supervisor, or what is to become its driver. */
export function someProcessHasArgument(argument: string): boolean {
  const wanted = `\0${argument}\0`;
  return listPids().some((pid) => {
    if (pid === process.pid) return false;
    const commandLine = readOfProcess(pid, 'cmdline');
    return commandLine?.includes(wanted) === true && readProcess(pid) !== null;
  });
}
