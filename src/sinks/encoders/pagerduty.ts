import type { Alert } from '../../alerts/alert.ts';
import type { Severity } from '../../rules/severity.ts';
import { briefOf } from './brief.ts';
import { jsonLine } from './json-line.ts';
import { shortened } from './one-line.ts';
import { PRODUCT } from './product.ts';

/**
 * One alert as one event of PagerDuty's Events API, version 2, without the routing key, which is a secret. All notices of
 * an alert have one key, so that they are one incident, which is resolved when the alert closes. A test resolves one that
 * never was, which is accepted like any other event and wakes nobody.
 */
export function encodePagerduty(alert: Alert): string {
  const { headline, facts } = briefOf(alert);
  return jsonLine({
    event_action: alert.state === 'closed' || alert.kind === 'test' ? 'resolve' : 'trigger',
    dedup_key: alert.id,
    client: PRODUCT,
    payload: {
      summary: shortened(headline, 1_024),
      source: alert.gateway,
      severity: SEVERITIES[alert.severity],
      timestamp: alert.lastSeen,
      component: alert.vendor?.id ?? alert.source,
      group: alert.kind,
      class: alert.rule,
      custom_details: Object.fromEntries(facts),
    },
  });
}

const SEVERITIES: Readonly<Record<Severity, string>> = {
  info: 'info',
  low: 'info',
  medium: 'warning',
  high: 'error',
  critical: 'critical',
};
