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

/** A syslog receiver: a SIEM, or a relay before it. */
export interface SyslogSinkSettings extends AnySink {
  readonly type: 'syslog';
  readonly protocol: 'udp' | 'tcp' | 'tls';
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** What the message holds. */
  readonly format: AlertFormatName;
  /** Over TCP and TLS. */
  readonly framing: 'octet-counting' | 'lf';
  /** PEM files: who vouches for the receiver, and our own certificate where it asks for one. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** Alerts for people, on standard output. */
export interface TerminalSinkSettings extends AnySink {
  readonly type: 'terminal';
}

export type SinkSettings = FileSinkSettings | SyslogSinkSettings | TerminalSinkSettings;
