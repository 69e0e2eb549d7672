import type { Alert, ConditionAlert, EgressAlert } from '../../alerts/alert.ts';
import { jsonLine } from './json-line.ts';
import { nativeForm } from './native.ts';
import { PRODUCT, VENDOR } from './product.ts';
import { SEVERITY_SCALES } from './severity-scale.ts';

/** The fields used are the same in 8.17. */
const ECS_VERSION = '9.4.0';

/** Of the data stream that the alerts belong to: `logs-phi_egress.alerts-default`. */
const DATASET = 'phi_egress.alerts';

/**
 * One alert as one line of JSON in the Elastic Common Schema. What ECS has no field for stands under `phi_egress`, where no
 * field of Elastic's will ever be. The source is who the data came from, the destination who received it.
 *
 * @param version of this program
 */
export function encodeEcs(alert: Alert, version: string): string {
  const { vendor } = alert;
  return jsonLine({
    '@timestamp': alert.lastSeen,
    ecs: { version: ECS_VERSION },
    message: alert.explanation,
    event: {
      id: alert.id,
      ...kindOf(alert),
      action: `${alert.rule}-${alert.state}`,
      dataset: DATASET,
      module: 'phi_egress',
      provider: alert.source,
      start: alert.firstSeen,
      end: alert.lastSeen,
      reason: alert.title,
      severity: SEVERITY_SCALES[alert.severity].score,
      risk_score: SEVERITY_SCALES[alert.severity].score,
    },
    ...(alert.kind === 'test' && { tags: ['test'] }),
    rule: { id: alert.rule, name: alert.title, ruleset: PRODUCT },
    observer: { vendor: VENDOR, product: PRODUCT, type: 'dlp', version, hostname: alert.gateway },
    ...(vendor !== undefined && { labels: { vendor_id: vendor.id, vendor_name: vendor.name } }),
    ...(alert.kind === 'egress' && movement(alert)),
    phi_egress: own(alert),
  });
}

function kindOf(alert: Alert) {
  switch (alert.kind) {
    case 'egress':
      return kindOfEgress(alert);
    case 'condition':
      return kindOfCondition(alert);
    case 'test':
      return { kind: 'event' };
    case 'heartbeat':
      return { kind: 'state', sequence: alert.count };
    default:
      return alert satisfies never;
  }
}

/** `signal` is for Elastic's own rules; ours are `alert`. Which types a category may have is fixed by ECS. */
function kindOfEgress({ rule, claim }: EgressAlert) {
  if (rule === 'vendor-access-from-outside')
    return { kind: 'alert', category: ['authentication', 'session'], type: ['start'], outcome: 'success' };
  return {
    kind: 'alert',
    category: ['network'],
    type: ['connection', 'info'],
    outcome: claim === 'delivered' ? 'success' : 'unknown',
  };
}

/** Not an alarm about anybody: the state of the watch, or a log that cannot be read. */
function kindOfCondition({ rule }: ConditionAlert) {
  return rule === 'format-mismatch' ? { kind: 'pipeline_error' } : { kind: 'state' };
}

function movement({ sender, receiver, bytes, protocol, samples }: EgressAlert) {
  const [sample] = samples;
  return {
    source: { ip: sender.ip, domain: sender.host, ...(bytes !== undefined && { bytes }), user: user(sender.user) },
    destination: {
      ip: receiver.ip,
      domain: receiver.host,
      port: receiver.port,
      user: user(receiver.user),
      ...(receiver.country !== undefined && { geo: { country_iso_code: receiver.country } }),
    },
    network: { protocol, direction: 'outbound' },
    ...(sample?.method !== undefined && { http: { request: { method: sample.method } } }),
  };
}

function user(name: string | undefined) {
  return name === undefined ? undefined : { name };
}

/** The native form without what ECS has taken whole: the rest of the proof. */
function own(alert: Alert): object {
  return { ...nativeForm(alert), explanation: undefined, title: undefined, gateway: undefined };
}
