import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from '../config/settings.ts';

export type { Logger };

/** The agent's own log: JSON, on standard error or in a file of mode 0600. Nothing from a log line goes in here. */
export function openLogger({ name, log }: Settings['agent']): Logger {
  return pino({ name: 'phi-egress', level: log.level, base: { gateway: name } }, destination(log.file));
}

/** Synchronous: a daemon that dies has said why. */
function destination(file: string | undefined): DestinationStream {
  return pino.destination({ dest: file ?? 2, sync: true, mkdir: false, ...(file !== undefined && { mode: 0o600 }) });
}
