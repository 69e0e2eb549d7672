import type { Alert } from '../alerts/alert.ts';
import type { Severity } from '../rules/severity.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { ALERT_FORMATS } from './encoders/alert-format.ts';
import { encodeMail } from './encoders/mail.ts';
import { encodeSyslogMessage } from './encoders/syslog-message.ts';
import { encodeNoticeForTerminal } from './encoders/terminal.ts';
import { httpProduct } from './http/products.ts';
import type { SinkSettings } from './settings.ts';
import type { Transport } from './transport.ts';
import { FileTransport } from './transports/file.ts';
import { HttpTransport } from './transports/http.ts';
import { NatsTransport } from './transports/nats.ts';
import { SmtpTransport } from './transports/smtp.ts';
import { SyslogDatagramTransport } from './transports/syslog-datagram.ts';
import { SyslogStreamTransport } from './transports/syslog-stream.ts';
import { type TerminalStream, TerminalTransport } from './transports/terminal.ts';

/** A configured destination: how alerts are written for it, and how they get there. */
export interface Sink {
  readonly name: string;
  readonly minSeverity: Severity;
  readonly encode: (alert: Alert) => string;
  readonly transport: Transport;
  /** ms between two deliveries, so that what comes meanwhile goes together. Absent: none. */
  readonly pauseMs?: number;
}

/** What sinks are made with. */
export interface SinkSurroundings {
  /** Where a terminal sink writes. */
  readonly output: TerminalStream;
  /** Of this program. */
  readonly version: string;
}

/** Makes a sink. Nothing is opened before the first alert. */
export function createSink(settings: SinkSettings, { output, version }: SinkSurroundings): Sink {
  const { name, minSeverity } = settings;
  switch (settings.type) {
    case 'file': {
      const { encode, begins } = ALERT_FORMATS[settings.format];
      const transport = new FileTransport({ ...settings, lineBegins: begins });
      return { name, minSeverity, encode: (alert) => encode(alert, version), transport };
    }
    case 'syslog': {
      const transport =
        settings.protocol === 'udp' ? new SyslogDatagramTransport(settings) : new SyslogStreamTransport(settings);
      return { name, minSeverity, encode: (alert) => encodeSyslogMessage(alert, settings.format, version), transport };
    }
    case 'terminal': {
      // https://no-color.org
      const colour = output.isTTY === true && !process.env.NO_COLOR;
      return {
        name,
        minSeverity,
        encode: (alert) => encodeNoticeForTerminal(alert, { width: output.columns ?? PLAIN_WIDTH, colour }),
        transport: new TerminalTransport(output),
      };
    }
    case 'nats': {
      const { encode } = ALERT_FORMATS[settings.format];
      return { name, minSeverity, encode: (alert) => encode(alert, version), transport: new NatsTransport(settings) };
    }
    case 'smtp':
      return {
        name,
        minSeverity,
        encode: encodeMail,
        transport: new SmtpTransport(settings),
        pauseMs: settings.everyMs,
      };
    default: {
      const { encode, api } = httpProduct(settings, SYSTEM_CLOCK);
      return {
        name,
        minSeverity,
        encode: (alert) => encode(alert, version),
        transport: new HttpTransport(api, settings),
      };
    }
  }
}

/** Characters a line, where the output is no terminal. */
const PLAIN_WIDTH = 100;
