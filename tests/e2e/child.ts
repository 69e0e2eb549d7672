import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Undo } from './undo.ts';

export interface Server {
  /** @returns the exit code; absent when a signal ended it, by force after some seconds. */
  readonly stop: () => Promise<number | undefined>;
  /** What it has written so far, both streams. */
  readonly output: () => string;
  readonly hasExited: () => boolean;
}

export interface Ended {
  /** Absent when a signal ended it. */
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

const GRACE_MS = 5_000;
const LONGEST_RUN_MS = 20_000;
const living = new Set<ChildProcess>();

/** A test run that ends early leaves no server behind. */
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A program that runs in the foreground until `undo` stops it, at the latest. */
export function serve(child: ChildProcess, undo: Undo): Server {
  const ended = endOf(child, GRACE_MS);
  const texts = [textOf(child.stdout), textOf(child.stderr)];
  const stop = () => {
    child.kill('SIGTERM');
    return ended.orKill();
  };
  undo.add(stop);
  return { stop, output: () => texts.map((text) => text()).join(''), hasExited: () => !living.has(child) };
}

/** A program that comes to its end by itself. One that takes too long is killed, and has no exit code then. */
export async function finish(child: ChildProcess, input = ''): Promise<Ended> {
  const ended = endOf(child, LONGEST_RUN_MS);
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  child.stdin?.on('error', () => undefined).end(input);
  const code = await ended.orKill();
  return { ...(code !== undefined && { code }), stdout: stdout(), stderr: stderr() };
}

/** Runs a program to its end. */
export function runProgram(path: string, args: readonly string[], input?: string): Promise<Ended> {
  return finish(spawn(path, args), input);
}

function endOf(child: ChildProcess, killAfterMs: number) {
  living.add(child);
  const ended = once(child, 'close').then(
    ([code]): number | undefined => {
      living.delete(child);
      return typeof code === 'number' ? code : undefined;
    },
    (error: unknown) => {
      living.delete(child);
      throw error;
    },
  );
  ended.catch(() => undefined);
  const orKill = () => {
    const force = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    return ended.finally(() => clearTimeout(force));
  };
  return { orKill };
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
