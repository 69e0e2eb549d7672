import { describeProblem, OperatorError } from '../errors/problem.ts';

/** What failed, a line each. Of a bug of ours the message is left out: it could quote what was being worked on. */
export function describeFailure(error: unknown): readonly string[] {
  if (error instanceof OperatorError) return error.problems.map(describeProblem);
  if (!(error instanceof Error)) return ['internal error'];
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code !== undefined && syscall !== undefined) return [`Cannot ${syscall} (${code})`];
  return [`internal error: ${code === undefined ? error.name : `${error.name} ${code}`}`];
}

/** Where a bug of ours is. */
export function framesOf(error: unknown): readonly string[] {
  const isKnown = error instanceof OperatorError || !(error instanceof Error) || 'syscall' in error;
  if (isKnown) return [];
  const stack = error.stack ?? '';
  const head = `${error.name}: ${error.message}`;
  // The frames stand behind the message, which may hold anything, lines that look like frames too.
  const frames = stack.startsWith(head) ? stack.slice(head.length) : '';
  return frames.split('\n').filter((line) => line.startsWith('    at '));
}

/** 1: the command's own failure; 2: bad usage or bad configuration. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof OperatorError)) return 1;
  // What becomes of a damaged state is a choice of the configuration's.
  const isOwn = error.problems.some(({ code }) => code.startsWith('state.') && code !== 'state.damaged');
  return isOwn ? 1 : 2;
}
