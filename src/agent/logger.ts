import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from '../config/settings.ts';
import { quote } from '../errors/field.ts';
import { OperatorError } from '../errors/problem.ts';

export type { Logger };

/**
 * The agent's own log: JSON, on standard error or in a file of mode 0600. Nothing from a log line goes in here.
 *
 * @throws OperatorError when the file cannot be opened.
 */
export function openLogger({ name, log }: Settings['agent']): Logger {
  return pino({ name: 'phi-egress', level: log.level, base: { gateway: name } }, destination(log.file));
}

/** Synchronous: a daemon that dies has said why. */
function destination(file: string | undefined): DestinationStream {
  if (file === undefined) return pino.destination({ dest: 2, sync: true });
  try {
    return pino.destination({ dest: file, sync: true, mkdir: false, mode: 0o600 });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const what = `Cannot write the agent's own log ${quote(file)} (${code})`;
    const where = { file, key: 'agent.log.file' };
    const todo = 'name a file in a directory that is there and can be written to, or null for standard error';
    throw new OperatorError([{ code: 'config.bad-value', what, where, todo }], { cause });
  }
}
