import { execFileSync } from 'node:child_process';
import { appendFileSync, closeSync, constants, mkdirSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../src/engine/record/error-code.ts';

/** A pod as the courier of its node sees it: its volume, in which this does what `pod-supervisor.sh` does. */
export interface PodOnDisk {
  volume: string;
  /** All words that came over the pipe so far. */
  words(): string[];
  /** Begins as the supervisor does that heard `go`. */
  begin(): void;
  print(text: string): void;
  end(exitCode: number): void;
  /** As the kubelet does it. */
  remove(): void;
}

export function putPod(pods: string, uid: string, ticket: string): PodOnDisk {
  const volume = join(pods, uid, 'volumes/kubernetes.io~empty-dir/drover');
  mkdirSync(volume, { recursive: true });
  execFileSync('mkfifo', [join(volume, 'control')]);
  writeFileSync(join(volume, 'ticket'), ticket);
  const pipe = openSync(join(volume, 'control'), constants.O_RDONLY | constants.O_NONBLOCK);
  writeFileSync(join(volume, 'listens'), '');
  const buffer = Buffer.alloc(4096);
  let heard = '';

  function listen(): void {
    try {
      heard += buffer.toString('utf8', 0, readSync(pipe, buffer));
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error;
    }
  }

  return {
    volume,
    words() {
      listen();
      return heard.split('\n').slice(0, -1);
    },
    begin: () => writeFileSync(join(volume, 'record'), 'driver 9 100 .\n'),
    print: (text) => appendFileSync(join(volume, 'output', 'log'), text),
    end: (exitCode) => appendFileSync(join(volume, 'record'), `end ${exitCode} .\n`),
    remove() {
      closeSync(pipe);
      rmSync(join(pods, uid), { recursive: true });
    },
  };
}
