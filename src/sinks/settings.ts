import type { Severity } from '../rules/severity.ts';
import type { AlertFormatName } from './encoders/alert-format.ts';

interface AnySink {
  readonly name: string;
  /** Alerts below this never reach the sink. */
  readonly minSeverity: Severity;
}

export interface FileSinkSettings extends AnySink {
  readonly type: 'file';
  readonly path: string;
  readonly format: AlertFormatName;
  /** Bytes at which the file is rotated; absent: never. */
  readonly rotateBytes?: number;
  /** Rotated files that are kept. */
  readonly keep: number;
}

/** Alerts for people, on standard output. */
export interface TerminalSinkSettings extends AnySink {
  readonly type: 'terminal';
}

export type SinkSettings = FileSinkSettings | TerminalSinkSettings;
