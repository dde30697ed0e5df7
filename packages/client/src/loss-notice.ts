/** Tells of a lost connection that could not be taken up again soon; a short loss is nobody's business. */
export interface LossNotice {
  /** The connection was lost. @param isRepeated the one before had brought nothing either: told at once. */
  lost(reason: unknown, isRepeated: boolean): void;
  /** It was taken up again, or nobody needs it any more. */
  settle(): void;
}

/**
 * Node's `fetch` cuts every body that is quiet for five minutes, and proxies do it sooner: a follower of a quiet job loses
 * its connection all day long, and nothing is wrong.
 */
const TELL_AFTER_MS = 2_000;

export function createLossNotice(tell: (reason: unknown) => void): LossNotice {
  let timer: ReturnType<typeof setTimeout> | undefined;

  return {
    lost(reason, isRepeated) {
      clearTimeout(timer);
      if (isRepeated) tell(reason);
      else timer = setTimeout(tell, TELL_AFTER_MS, reason);
    },
    settle: () => clearTimeout(timer),
  };
}
