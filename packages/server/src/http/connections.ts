import type { Socket } from 'node:net';

/** The connections of a server, and how they are closed when it ends. */
export interface Connections {
  add(socket: Socket): void;
  /**
   * Closes each connection as soon as it carries no answer, and what is left after `graceMs` in any state. Node alone would keep one
   * that falls quiet later for its whole keep-alive time.
   *
   * @returns a function that ends this.
   */
  closeAsTheyFallQuiet(graceMs: number): () => void;
}

const LOOK_MS = 25;

export function createConnections(): Connections {
  const open = new Set<Socket>();

  return {
    add(socket) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    },

    closeAsTheyFallQuiet(graceMs) {
      const look = setInterval(() => {
        for (const socket of open) if (answerOn(socket) === null) socket.destroySoon();
      }, LOOK_MS);
      const giveUp = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, graceMs);
      return () => {
        clearInterval(look);
        clearTimeout(giveUp);
      };
    },
  };
}

/** The answer that a connection is busy with. Node keeps it there under this name, and under no public one. */
export function answerOn(socket: Socket): object | null {
  const answer: unknown = Reflect.get(socket, '_httpMessage');
  return typeof answer === 'object' ? answer : null;
}
