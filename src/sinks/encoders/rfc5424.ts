import type { Alert } from '../../alerts/alert.ts';
import { factsOf } from './facts.ts';
import { onOneLine } from './one-line.ts';
import { syslogHeader } from './syslog-header.ts';

/**
 * An enterprise number makes a structured-data name one's own (RFC 5424 section 7.2.2). This one is kept for documentation
 * (RFC 5612), so no name of another product collides with it.
 */
const SD_ID = 'alert@32473';

/**
 * One alert as one syslog message with structured data (RFC 5424), and a line end: the facts as parameters, the title as
 * the message.
 */
export function encodeRfc5424(alert: Alert): string {
  const parameters = factsOf(alert).map(([name, value]) => `${name}="${parameterValue(String(value))}"`);
  return `${syslogHeader(alert)} [${SD_ID} ${parameters.join(' ')}] ${onOneLine(alert.title)}\n`;
}

/** Section 6.3.3. */
function parameterValue(value: string): string {
  return onOneLine(value).replaceAll(/["\\\]]/g, '\\$&');
}
