import type { Alert } from '../../alerts/alert.ts';
import { ALERT_FORMATS, type AlertFormatName } from './alert-format.ts';
import { syslogHeader } from './syslog-header.ts';

/**
 * An alert as a syslog message (RFC 5424), without a frame or a line end. The format `rfc5424` is one already; any other
 * is its text.
 *
 * @param version of this program
 */
export function encodeSyslogMessage(alert: Alert, format: AlertFormatName, version: string): string {
  const text = ALERT_FORMATS[format].encode(alert, version).trimEnd();
  return format === 'rfc5424' ? text : `${syslogHeader(alert)} - ${text}`;
}
