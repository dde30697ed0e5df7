import { timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { create } from 'tar';
import { droverError } from '../../../errors/drover-error.ts';
import { type AttemptPaths, attemptPaths } from '../../attempt-directory.ts';
import { appendLine } from '../../record/append-line.ts';
import { type AttemptRecord, OUT_OF_MEMORY_LINE } from '../../record/grammar.ts';
import { readRecord } from '../../record/read-record.ts';
import { appearOnce, type PodWork, readPodWork } from '../attempt-file.ts';
import { appendOutput } from './append-output.ts';
import type { CommandBoard } from './command-board.ts';
import type { PodDoor } from './pod-door.ts';
import { appendDurably, claimLine, driverLine, endLine } from './record-lines.ts';

export interface PodDoorOptions {
  engine: string;
  /** Under which pods reach the server. */
  hostName: string;
  /** How many pods there may be at the same time. */
  mostPods: number;
  attemptsDir: string;
  commands: CommandBoard;
  nowMs(): number;
  /** A pod was heard of. */
  onWord(attemptId: string): void;
  /** The record has a new line. */
  onRecordWritten(attemptId: string): void;
  /** The driver's container is gone, and its output is complete. */
  onDelivered(attemptId: string): void;
}

const ATTEMPT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
/** One waits for a command, one brings output, one tells of the start. */
const CONNECTIONS_PER_POD = 3;
const WORD = /^[!-~]{1,253}$/;

export function createPodDoor(options: PodDoorOptions): PodDoor {
  const { engine, hostName, mostPods, attemptsDir, commands, nowMs, onWord, onRecordWritten, onDelivered } = options;
  const driver = readFileSync(join(import.meta.dirname, '../../order/driver.sh'), 'utf8');

  const pathsOf = (attemptId: string): AttemptPaths => attemptPaths(attemptsDir, attemptId);

  function workOf(attemptId: string): PodWork | null {
    const work = ATTEMPT_ID.test(attemptId) ? readPodWork(pathsOf(attemptId).directory) : null;
    return work?.engine === engine ? work : null;
  }

  /** The record of an attempt whose claim is the pod's. */
  function claimedBy(pod: string, attemptId: string): { paths: AttemptPaths; record: AttemptRecord } {
    const paths = pathsOf(attemptId);
    const record = readRecord(paths.record);
    if (record?.place?.jobId !== pod || record.withdrawn) throw droverError('ATTEMPT_TAKEN', { attemptId });
    onWord(attemptId);
    return { paths, record };
  }

  return {
    hostName,
    mostConnections: mostPods * CONNECTIONS_PER_POD,

    isKnown(attemptId, token) {
      const expected = Buffer.from(workOf(attemptId)?.token ?? '');
      const given = Buffer.from(token);
      return expected.length > 0 && given.length === expected.length && timingSafeEqual(given, expected);
    },

    claim(attemptId, pod, node) {
      const paths = pathsOf(attemptId);
      const work = workOf(attemptId);
      if (work === null || !WORD.test(pod) || !WORD.test(node)) throw droverError('ATTEMPT_TAKEN', { attemptId });
      if (appearOnce(paths.record, claimLine(pod, node))) {
        mkdirSync(paths.outputDirectory, { recursive: true, mode: 0o700 });
        onRecordWritten(attemptId);
      }
      const { record } = claimedBy(pod, attemptId);
      if (record.driver !== null || record.exitCode !== null) throw droverError('ATTEMPT_TAKEN', { attemptId });
      const { order, hasWorkingDirectory, graceMs } = work;
      return { driver, order, hasWorkingDirectory, graceMs };
    },

    workingDirectory(attemptId, pod) {
      const { paths } = claimedBy(pod, attemptId);
      // Owners mean nothing in the pod, and links stay what they are.
      const packed = create({ cwd: paths.workingDirectory, portable: true }, ['.']);
      const stream = new PassThrough();
      packed.on('error', (cause) => stream.destroy(new Error('the working directory cannot be read', { cause })));
      packed.pipe(stream);
      return stream;
    },

    appendOutput(attemptId, pod, offset, bytes) {
      return appendOutput(claimedBy(pod, attemptId).paths.log, offset, bytes);
    },

    started(attemptId, pod, start) {
      const { paths, record } = claimedBy(pod, attemptId);
      if (record.driver !== null) return;
      // That the driver may run is on the disk since the claim.
      appendLine(paths.record, driverLine(start, Math.round(nowMs() - start.agoMs)));
      onRecordWritten(attemptId);
    },

    ended(attemptId, pod, end) {
      const { paths, record } = claimedBy(pod, attemptId);
      if (record.exitCode !== null) return;
      const sizeBytes = statSync(paths.log, { throwIfNoEntry: false })?.size ?? 0;
      if (sizeBytes < end.outputBytes) throw droverError('OUTPUT_GAP', { offset: end.outputBytes, sizeBytes });
      if (end.exitCode === null) {
        onDelivered(attemptId);
        return;
      }
      const lines = [
        ...(end.refusal === null ? [] : [`refused ${end.refusal} .\n`]),
        ...(end.outOfMemory ? [OUT_OF_MEMORY_LINE] : []),
        endLine(end.exitCode, Math.round(nowMs() - end.agoMs)),
      ];
      appendDurably(paths.record, lines.join(''));
      onRecordWritten(attemptId);
    },

    async nextCommand(attemptId, pod, after, signal) {
      claimedBy(pod, attemptId);
      const command = await commands.next(attemptId, after, signal);
      // It was there to the end of its wait.
      onWord(attemptId);
      return command;
    },
  };
}
