import { EXIT } from './exit-codes.ts';
import { note } from './output.ts';

/**
 * What Ctrl-C does while a job is followed or waited for: the job goes on, and the user is told how to come back.
 * Answers the function that takes this away again.
 */
export function onInterrupt(options: { clear: () => void; comeBack: string }): () => void {
  const interrupt = () => {
    options.clear();
    note(`the job goes on; come back with: ${options.comeBack}`);
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', interrupt);
  return () => process.off('SIGINT', interrupt);
}
