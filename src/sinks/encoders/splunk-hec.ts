import type { Alert } from '../../alerts/alert.ts';
import { eventId } from '../../alerts/notice.ts';
import { jsonLine } from './json-line.ts';
import { nativeForm } from './native.ts';
import { PRODUCT } from './product.ts';

/** What an event is stored under. */
export interface HecPlace {
  /** Absent: the token's own. */
  readonly index?: string;
  readonly sourcetype: string;
}

/**
 * One alert as one event of Splunk's HTTP Event Collector ("Format events for HTTP Event Collector"): the native form, and
 * what is searched for most as indexed fields, named as the Common Information Model (Alerts, DLP) has them.
 */
export function encodeSplunkHec(alert: Alert, { index, sourcetype }: HecPlace): string {
  return jsonLine({
    time: Date.parse(alert.lastSeen) / 1_000,
    host: alert.gateway,
    source: PRODUCT,
    sourcetype,
    index,
    event: nativeForm(alert),
    fields: {
      // Nothing at Splunk knows a repeated delivery again; whoever searches does, by this.
      event_id: eventId(alert),
      alert_id: alert.id,
      signature: alert.title,
      signature_id: alert.rule,
      severity: CIM_SEVERITIES[alert.severity] ?? alert.severity,
      ...(alert.vendor !== undefined && { vendor_id: alert.vendor.id }),
      ...(alert.kind === 'egress' && {
        app: alert.protocol,
        dest: alert.receiver.host ?? alert.receiver.ip,
        dest_zone: alert.receiver.country ?? alert.receiver.standing,
        src: alert.sender.host ?? alert.sender.ip,
        user: alert.sender.user ?? alert.receiver.user,
      }),
    },
  });
}

/** The words of the model, where they are others than ours. */
const CIM_SEVERITIES: Readonly<Partial<Record<Alert['severity'], string>>> = { info: 'informational' };
