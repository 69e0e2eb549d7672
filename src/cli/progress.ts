import { basename } from 'node:path';
import type { ReplayProgress } from '../agent/replay.ts';
import { count, type Io } from './io.ts';

export interface Progress {
  readonly report: (progress: ReplayProgress) => void;
  /** Takes the bar away. */
  readonly end: () => void;
}

/**
 * A bar on a terminal; elsewhere a line now and then, with how to go on should it be killed. Weighed by the bytes that the
 * files take up on the disk.
 */
export function progressOn({ stderr }: Io, goOn: (scratch: string) => string): Progress {
  const isTerminal = stderr.isTTY === true;
  const startedMs = performance.now();
  let toldMs = startedMs;
  let hasSaid = false;

  return { report, end: () => void (isTerminal && stderr.write(CLEAR_LINE)) };

  function report(progress: ReplayProgress): void {
    const nowMs = performance.now();
    if (nowMs - toldMs < (isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    toldMs = nowMs;
    if (!hasSaid && nowMs - startedMs >= LINE_EVERY_MS) {
      hasSaid = true;
      stderr.write(`${isTerminal ? CLEAR_LINE : ''}${goOn(progress.scratch)}`);
    }
    const words = wordsFor(progress, nowMs - startedMs);
    stderr.write(isTerminal ? CLEAR_LINE + bar(shareOf(progress), words, stderr.columns ?? 80) : `${words}\n`);
  }
}

/** @param passedMs since this process began. */
export function wordsFor(progress: ReplayProgress, passedMs: number): string {
  const { path, filesDone, files, lines, bytes, bytesBefore, bytesInAll } = progress;
  const share = Math.floor(shareOf(progress) * 100);
  const perSecond = count(Math.round((lines * 1000) / passedMs));
  const leftMs = bytes > bytesBefore ? (passedMs * Math.max(0, bytesInAll - bytes)) / (bytes - bytesBefore) : undefined;
  const left = leftMs === undefined ? '' : `, ${timeLeft(leftMs)} left`;
  return `${share}%, file ${filesDone + 1} of ${files}, ${count(lines)} lines, ${perSecond} a second${left}, ${basename(path)}`;
}

function shareOf({ bytes, bytesInAll }: ReplayProgress): number {
  return bytesInAll === 0 ? 0 : Math.min(1, bytes / bytesInAll);
}

/** `45 s`, `3 min`, `2 h 10 min`. */
function timeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function bar(share: number, words: string, columns: number): string {
  const filled = Math.round(share * BAR_LENGTH);
  // One column less than there are: a full line would move on to the next.
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_LENGTH - filled)}] ${words}`.slice(0, columns - 1);
}

const CLEAR_LINE = '\r\u001b[K';
const BAR_LENGTH = 24;
const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;
