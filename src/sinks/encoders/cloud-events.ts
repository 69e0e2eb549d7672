import type { Alert } from '../../alerts/alert.ts';
import { eventId } from '../../alerts/notice.ts';
import { jsonLine } from './json-line.ts';
import { nativeForm } from './native.ts';

/**
 * One alert as one line of JSON in the structured mode of CloudEvents 1.0, the native form as its data. `source` and `id`
 * together name what was told, so a receiver can drop a repeated delivery.
 */
export function encodeCloudEvents(alert: Alert): string {
  return jsonLine({
    specversion: '1.0',
    id: eventId(alert),
    source: `urn:phi-egress:${encodeURIComponent(alert.gateway)}`,
    type: `phi-egress.${alert.kind}.${alert.state}`,
    subject: alert.id,
    time: alert.lastSeen,
    datacontenttype: 'application/json',
    data: nativeForm(alert),
  });
}
