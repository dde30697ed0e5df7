/*
 * The wildcards of gitignore(5). Patterns and texts are compared byte by byte, as git does it: both come as texts of one
 * character per byte.
 */

/** One step of a pattern. */
type Step =
  | { kind: 'byte'; byte: string }
  | { kind: 'any' }
  | { kind: 'set'; has: (byte: string) => boolean }
  /** `*`: any bytes, slashes only where `crossing` says so. */
  | { kind: 'run'; crossing: boolean }
  /** `**` and its slash: any number of whole folders, also none. */
  | { kind: 'folders' };

/**
 * Makes a matcher of a pattern; null for one that is malformed, which git lets match nothing.
 *
 * @param isPath whether `/` is special, so that only `**` crosses it
 */
export function compileWildcard(pattern: string, isPath: boolean): ((text: string) => boolean) | null {
  const steps = parseSteps(pattern, isPath);
  return steps && ((text) => matches(steps, text, isPath));
}

function parseSteps(pattern: string, isPath: boolean): Step[] | null {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; ) {
    const byte = pattern.charAt(at);
    if (byte === '*') {
      const next = endOfStars(pattern, at);
      steps.push(runStep(pattern, at, next, isPath));
      at = steps.at(-1)?.kind === 'folders' ? next + 1 : next;
    } else if (byte === '[') {
      const set = parseSet(pattern, at);
      if (set === null) return null;
      steps.push({ kind: 'set', has: set.has });
      at = set.next;
    } else if (byte === '\\') {
      if (at + 1 === pattern.length) return null;
      steps.push({ kind: 'byte', byte: pattern.charAt(at + 1) });
      at += 2;
    } else {
      steps.push(byte === '?' ? { kind: 'any' } : { kind: 'byte', byte });
      at += 1;
    }
  }
  return steps;
}

function endOfStars(pattern: string, at: number): number {
  let next = at;
  while (pattern.charAt(next) === '*') next += 1;
  return next;
}

/** Several stars are more than one only where they stand alone between slashes. */
function runStep(pattern: string, at: number, next: number, isPath: boolean): Step {
  if (!isPath) return { kind: 'run', crossing: true };
  const rest = pattern.slice(next);
  const isAlone = at === 0 || pattern.charAt(at - 1) === '/';
  if (next - at === 1 || !isAlone) return { kind: 'run', crossing: false };
  if (rest.startsWith('/')) return { kind: 'folders' };
  return { kind: 'run', crossing: rest === '' || rest.startsWith('\\/') };
}

/** Without backtracking into earlier positions twice: no pattern takes longer than its length times the text's. */
function matches(steps: readonly Step[], text: string, isPath: boolean): boolean {
  /** `here[i]`: the steps before `i` match the text up to the present position. */
  let here = closure(steps, new Set([0]), true);
  for (let at = 0; at < text.length && here.size > 0; at++) {
    const byte = text.charAt(at);
    const next = new Set<number>();
    for (const index of here) {
      const step = steps[index];
      if (step === undefined) continue;
      if (step.kind === 'run') {
        if (step.crossing || byte !== '/') next.add(index);
      } else if (step.kind === 'folders') {
        next.add(index);
      } else if (takes(step, byte, isPath)) {
        next.add(index + 1);
      }
    }
    here = closure(steps, next, byte === '/');
  }
  return here.has(steps.length);
}

/** Adds what can be reached without a byte; whole folders are passed only at the start and behind a slash. */
function closure(steps: readonly Step[], from: Set<number>, isAtFolderStart: boolean): Set<number> {
  for (const index of from) {
    const step = steps[index];
    // A set hands out what is added to it while it is walked.
    if (step?.kind === 'run' || (step?.kind === 'folders' && isAtFolderStart)) from.add(index + 1);
  }
  return from;
}

function takes(step: Step, byte: string, isPath: boolean): boolean {
  if (step.kind === 'byte') return step.byte === byte;
  if (isPath && byte === '/') return false;
  return step.kind === 'any' || (step.kind === 'set' && step.has(byte));
}

/** `[…]` from its bracket on; null where it is not closed or names a class that does not exist. */
function parseSet(pattern: string, start: number): { has: (byte: string) => boolean; next: number } | null {
  const isNegated = ['!', '^'].includes(pattern.charAt(start + 1));
  const first = start + (isNegated ? 2 : 1);
  const parts: ((byte: string) => boolean)[] = [];
  /** Where a range may begin; empty behind a range and a class. */
  let previous = '';
  let at = first;
  for (; at === first || pattern.charAt(at) !== ']'; at++) {
    let byte = pattern.charAt(at);
    if (byte === '') return null;
    if (byte === '\\') {
      byte = pattern.charAt(++at);
      if (byte === '') return null;
    } else if (byte === '-' && previous !== '' && !['', ']'].includes(pattern.charAt(at + 1))) {
      at += pattern.charAt(at + 1) === '\\' ? 2 : 1;
      const [low, high] = [previous, pattern.charAt(at)];
      if (high === '') return null;
      parts.push((candidate) => candidate >= low && candidate <= high);
      previous = '';
      continue;
    } else if (byte === '[' && pattern.charAt(at + 1) === ':') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) return null;
      // Without its second colon it is an ordinary member, and what follows is read again.
      if (end > at + 2 && pattern.charAt(end - 1) === ':') {
        const named = CLASSES.get(pattern.slice(at + 2, end - 1));
        if (named === undefined) return null;
        parts.push((candidate) => named.test(candidate));
        previous = '';
        at = end;
        continue;
      }
    }
    const member = byte;
    parts.push((candidate) => candidate === member);
    previous = byte;
  }
  return { has: (byte) => parts.some((part) => part(byte)) !== isNegated, next: at + 1 };
}

const CLASSES = new Map(
  Object.entries({
    alnum: /[A-Za-z0-9]/,
    alpha: /[A-Za-z]/,
    blank: /[ \t]/,
    cntrl: /[^ -~\x80-\xff]/,
    digit: /[0-9]/,
    graph: /[!-~]/,
    lower: /[a-z]/,
    print: /[ -~]/,
    punct: /[!-/:-@[-`{-~]/,
    space: /[ \t\n\v\f\r]/,
    upper: /[A-Z]/,
    xdigit: /[A-Fa-f0-9]/,
  }),
);
