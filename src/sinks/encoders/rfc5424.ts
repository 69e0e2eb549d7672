import type { Alert } from '../../alerts/alert.ts';
import { factsOf } from './facts.ts';
import { onOneLine } from './one-line.ts';
import { PRODUCT } from './product.ts';
import { SEVERITY_SCALES } from './severity-scale.ts';

/** "log audit" (RFC 5424 section 6.2.1). */
const FACILITY = 13;

/**
 * An enterprise number makes a structured-data name one's own (RFC 5424 section 7.2.2). This one is kept for documentation
 * (RFC 5612), so no name of another product collides with it.
 */
const SD_ID = 'alert@32473';

/**
 * One alert as one syslog message with structured data (RFC 5424), and a line end: the facts as parameters, the title as
 * the message. Its time is that of the latest finding.
 */
export function encodeRfc5424(alert: Alert): string {
  const priority = FACILITY * 8 + SEVERITY_SCALES[alert.severity].syslog;
  const parameters = factsOf(alert).map(([name, value]) => `${name}="${parameterValue(String(value))}"`);
  const header = [`<${priority}>1`, alert.lastSeen, word(alert.gateway, 255), PRODUCT, '-', word(alert.rule, 32)];
  return `${header.join(' ')} [${SD_ID} ${parameters.join(' ')}] ${onOneLine(alert.title)}\n`;
}

/** A header field: visible ASCII, and `-` for nothing. */
function word(text: string, length: number): string {
  return text.replaceAll(/[^\u0021-\u007e]/g, '_').slice(0, length) || '-';
}

/** Section 6.3.3. */
function parameterValue(value: string): string {
  return onOneLine(value).replaceAll(/["\\\]]/g, '\\$&');
}
