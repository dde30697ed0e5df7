import { displayWidth, truncate } from './visible-text.ts';

/** A moving line at the bottom of a terminal. */
export interface Spinner {
  /** The text is asked for anew with every frame: it may count time. */
  show(text: () => string): void;
  /** Takes the line away; `show` brings it back. */
  clear(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const ERASE_LINE = '\r\x1b[K';

export function createSpinner(stream: NodeJS.WriteStream): Spinner {
  let timer: NodeJS.Timeout | null = null;
  let shown: () => string = String;
  let frame = 0;

  function draw(): void {
    const text = truncate(shown(), Math.max(10, stream.columns - displayWidth('⠋ ') - 1));
    stream.write(`${ERASE_LINE}${FRAMES[frame % FRAMES.length]} ${text}`);
    frame += 1;
  }

  return {
    show(text) {
      shown = text;
      if (timer !== null) return;
      draw();
      timer = setInterval(draw, FRAME_MS);
      timer.unref();
    },
    clear() {
      if (timer === null) return;
      clearInterval(timer);
      timer = null;
      stream.write(ERASE_LINE);
    },
  };
}
