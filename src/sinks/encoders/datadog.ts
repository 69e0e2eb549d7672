import type { Alert } from '../../alerts/alert.ts';
import { eventId } from '../../alerts/notice.ts';
import type { Severity } from '../../rules/severity.ts';
import { jsonLine } from './json-line.ts';
import { nativeForm } from './native.ts';
import { PRODUCT } from './product.ts';

/** One alert as one log entry of Datadog ("Log attributes": reserved ones, and the native form under our own name). */
export function encodeDatadog(alert: Alert): string {
  const tags = [`rule:${alert.rule}`, `severity:${alert.severity}`, `state:${alert.state}`];
  return jsonLine({
    ddsource: PRODUCT,
    ddtags: [...tags, ...(alert.vendor === undefined ? [] : [`vendor:${alert.vendor.id}`])].join(','),
    hostname: alert.gateway,
    service: PRODUCT,
    status: STATUSES[alert.severity],
    timestamp: Date.parse(alert.lastSeen),
    message: `${alert.title}: ${alert.explanation}`,
    phi_egress: { eventId: eventId(alert), ...nativeForm(alert) },
  });
}

/** Of the log status remapper. */
const STATUSES: Readonly<Record<Severity, string>> = {
  info: 'info',
  low: 'notice',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
};
