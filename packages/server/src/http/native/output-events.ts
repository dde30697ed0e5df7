import { isUtf8 } from 'node:buffer';
import type { LogNews } from '../../jobs/job-log.ts';
import type { ServerSentEvent } from '../streaming/server-sent-event.ts';
import { characterRestLength, wholeCharactersLength } from './character-bounds.ts';
import { type LogPosition, positionText } from './log-position.ts';

const NOTHING = Buffer.alloc(0);

/** Makes events of a log's bytes. */
export interface OutputEvents {
  /** `output` with what can be told of these bytes now, behind `attempt` and `gap` where they do not follow on the ones before. */
  add(output: Extract<LogNews, { type: 'output' }>): Generator<ServerSentEvent, void>;
  /** What was held back: the rest of it will not come. */
  flush(): Generator<ServerSentEvent, void>;
}

/**
 * No character is split over two events: up to three bytes are held back until the rest of it comes.
 *
 * @param start where the first byte that is wanted stands
 */
export function createOutputEvents(start: LogPosition): OutputEvents {
  let position = start;
  let held = NOTHING;
  let isBehindJump = true;

  function* take(bytes: Buffer): Generator<ServerSentEvent, void> {
    if (bytes.length === 0) return;
    const { attempt, offset } = position;
    position = { attempt, offset: offset + bytes.length };
    const content = isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString('base64') };
    yield { id: positionText(position), event: 'output', data: { offset, ...content } };
  }

  function* flush(): Generator<ServerSentEvent, void> {
    yield* take(held);
    held = NOTHING;
  }

  function* jumpTo({ attempt, offset }: LogPosition): Generator<ServerSentEvent, void> {
    yield* flush();
    if (attempt !== position.attempt) {
      position = { attempt, offset: 0 };
      yield { id: positionText(position), event: 'attempt', data: { number: attempt } };
    }
    if (offset > position.offset) {
      const from = position.offset;
      position = { attempt, offset };
      yield { id: positionText(position), event: 'gap', data: { from, to: offset } };
    }
    isBehindJump = true;
  }

  return {
    *add({ attempt, offset, bytes }) {
      if (attempt !== position.attempt || offset > position.offset + held.length) yield* jumpTo({ attempt, offset });
      let joined = behind(held, bytes);
      if (isBehindJump) {
        // By itself, or all that comes with it would be no text.
        const restLength = characterRestLength(joined);
        yield* take(joined.subarray(0, restLength));
        joined = joined.subarray(restLength);
        isBehindJump = false;
      }
      const wholeLength = wholeCharactersLength(joined);
      // A copy, so that the chunk can go.
      held = Buffer.from(joined.subarray(wholeLength));
      yield* take(joined.subarray(0, wholeLength));
    },
    flush,
  };
}

function behind(held: Buffer, { buffer, byteOffset, length }: Uint8Array): Buffer {
  const bytes = Buffer.from(buffer, byteOffset, length);
  return held.length === 0 ? bytes : Buffer.concat([held, bytes]);
}
