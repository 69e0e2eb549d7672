import type { Alert } from '../../alerts/alert.ts';
import { PRODUCT } from './product.ts';
import { SEVERITY_SCALES } from './severity-scale.ts';

/** "log audit" (RFC 5424 section 6.2.1). */
const FACILITY = 13;

/** What stands before an alert's structured data (RFC 5424 section 6.2). Its time is that of the latest finding. */
export function syslogHeader({ severity, lastSeen, gateway, rule }: Alert): string {
  const priority = FACILITY * 8 + SEVERITY_SCALES[severity].syslog;
  return [`<${priority}>1`, lastSeen, word(gateway, 255), PRODUCT, '-', word(rule, 32)].join(' ');
}

/** A header field: visible ASCII, and `-` for nothing. */
function word(text: string, length: number): string {
  return text.replaceAll(/[^\u0021-\u007e]/g, '_').slice(0, length) || '-';
}
