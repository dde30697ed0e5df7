/** A terminal that shows one picture after another, and is as it was before when it is closed. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  show(lines: readonly string[]): void;
  close(): void;
}

export interface ScreenEvents {
  /** The user has had enough: `q` or Ctrl-C. */
  onQuit(): void;
  /** The picture has to be drawn again: the size has changed, or the process was stopped for a while. */
  onRedraw(): void;
}

/** The alternate screen, without cursor; lines that are too long are cut and not wrapped. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const ERASE_LINE = '\x1b[2K';
const ERASE_BELOW = '\x1b[J';

const CTRL_C = '\x03';
const CTRL_Z = '\x1a';

/** Takes over the terminal that `output` is; keys come from `input` where that is a terminal too. */
export function openScreen(input: NodeJS.ReadStream, output: NodeJS.WriteStream, events: ScreenEvents): Screen {
  let isEntered = false;
  const enter = () => {
    if (isEntered) return;
    isEntered = true;
    if (input.isTTY) input.setRawMode(true);
    output.write(ENTER);
  };
  const leave = () => {
    if (!isEntered) return;
    isEntered = false;
    output.write(LEAVE);
    if (input.isTTY) input.setRawMode(false);
  };
  const onKey = (keys: Buffer) => {
    const text = keys.toString('latin1');
    if (/q/i.test(text) || text.includes(CTRL_C)) events.onQuit();
    else if (text.includes(CTRL_Z)) suspend();
  };
  /** In raw mode the terminal does not do it by itself. The whole group: `npx` and the like wait for this process. */
  const suspend = () => {
    leave();
    process.kill(0, 'SIGTSTP');
    // The call returns when the user comes back, or at once where there is no shell that one could go to.
    enter();
    events.onRedraw();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    screen.close();
    process.kill(process.pid, signal);
  };

  const screen: Screen = {
    get columns() {
      return output.columns || 80;
    },
    get rows() {
      return output.rows || 24;
    },
    show(lines) {
      const text = lines.map((line) => ERASE_LINE + line).join('\r\n');
      output.write(`${HOME}${text}${lines.length < screen.rows ? `\r\n${ERASE_BELOW}` : ''}`);
    },
    close() {
      process.off('exit', leave);
      process.off('SIGINT', events.onQuit);
      process.off('SIGTERM', onSignal);
      process.off('SIGHUP', onSignal);
      process.off('SIGCONT', events.onRedraw);
      output.off('resize', events.onRedraw);
      if (input.isTTY) input.off('data', onKey).pause();
      leave();
    },
  };

  enter();
  // Whatever ends the process: writes to a terminal are done when they return.
  process.once('exit', leave);
  process.once('SIGINT', events.onQuit);
  process.once('SIGTERM', onSignal);
  process.once('SIGHUP', onSignal);
  process.on('SIGCONT', events.onRedraw);
  output.on('resize', events.onRedraw);
  if (input.isTTY) input.on('data', onKey);
  return screen;
}
