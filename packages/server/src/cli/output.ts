import { EXIT } from './exit-codes.ts';

/**
 * Ends the process quietly when the reader of its output has gone (`drover list | head`): with the exit code that was set
 * until then, which is 125 where a driver's code was awaited.
 */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        if (stream === process.stdout) note(`the output cannot be written: ${error.message}`);
        process.exit(EXIT.failure);
      }
      process.exit();
    });
  }
}

/** Writes to stdout; resolves when it is taken, so that a slow reader slows the writer down. */
export function write(data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(data, (error) => {
      // Errors end the process in the listener above.
      if (!error) resolve();
    });
  });
}

/** One value per line, as programs read it. */
export function writeJson(value: unknown): Promise<void> {
  return write(`${JSON.stringify(value)}\n`);
}

/** A line for the person at the terminal, apart from the output. */
export function note(text: string): void {
  process.stderr.write(`drover: ${text}\n`);
}
