import type { Alert, AlertState, ConditionAlert, EgressAlert } from '../../alerts/alert.ts';
import { eventId } from '../../alerts/notice.ts';
import type { Severity } from '../../rules/severity.ts';
import type { Party } from '../../transfers/transfer.ts';
import { locationEvidence } from './facts.ts';
import { jsonLine } from './json-line.ts';
import { nativeForm } from './native.ts';
import { PRODUCT, VENDOR } from './product.ts';

/** Nothing is used that consumers of 1.6 do not know. */
const OCSF_VERSION = '1.8.0';

/**
 * One alert as one line of JSON in the Open Cybersecurity Schema Framework: data that moved is a Data Security Finding
 * (2006), a login a Detection Finding (2004), a source that fell silent Event Log Activity (1008), any other trouble with
 * the watch an Application Error (6008), what the agent says of itself Application Lifecycle (6002). The source is who the data came from, the destination who received it.
 *
 * @param version of this program
 */
export function encodeOcsf(alert: Alert, version: string): string {
  const event = classified(alert, version);
  return jsonLine({
    ...event,
    category_uid: Math.floor(event.class_uid / 1000),
    type_uid: event.class_uid * 100 + event.activity_id,
    severity_id: SEVERITY_IDS[alert.severity],
    time: Date.parse(alert.firstSeen),
    start_time: Date.parse(alert.firstSeen),
    end_time: Date.parse(alert.lastSeen),
    count: alert.count,
    message: alert.explanation,
    metadata: {
      version: OCSF_VERSION,
      uid: eventId(alert),
      product: { name: PRODUCT, vendor_name: VENDOR, version },
      log_name: alert.source,
    },
    unmapped: { phi_egress: nativeForm(alert) },
  });
}

const SEVERITY_IDS: Readonly<Record<Severity, number>> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 };

function classified(alert: Alert, version: string) {
  switch (alert.kind) {
    case 'egress':
      return findingOf(alert);
    case 'condition':
      return troubleOf(alert);
    case 'test':
      return ownActivity('Test', version);
    case 'heartbeat':
      return ownActivity('Heartbeat', version);
    default:
      return alert satisfies never;
  }
}

/** The class has no activity for it: 99 is any other, and then has a name. */
function ownActivity(name: string, version: string) {
  const app = { name: PRODUCT, vendor_name: VENDOR, version };
  return { class_uid: 6002, activity_id: 99, activity_name: name, app };
}

/** Create, Update, Close. */
const FINDING_ACTIVITIES: Readonly<Record<AlertState, number>> = { open: 1, updated: 2, closed: 3 };

function findingOf(alert: EgressAlert) {
  const common = {
    activity_id: FINDING_ACTIVITIES[alert.state],
    is_alert: alert.state !== 'closed',
    confidence_id: CONFIDENCE_IDS[alert.phi.strength],
    finding_info: {
      uid: alert.id,
      title: alert.title,
      desc: alert.explanation,
      analytic: { type_id: ANALYTIC_RULE, uid: alert.rule, name: alert.rule },
      first_seen_time: Date.parse(alert.firstSeen),
      last_seen_time: Date.parse(alert.lastSeen),
    },
  };
  if (alert.claim === 'accessed') return { class_uid: 2004, ...common, evidences: [loginOf(alert)] };
  return {
    class_uid: 2006,
    ...common,
    data_security: dataSecurityOf(alert),
    actor: actorOf(alert.sender),
    src_endpoint: endpointOf(alert.sender),
    dst_endpoint: receiverOf(alert),
  };
}

const ANALYTIC_RULE = 1;

/** Low, medium, high; unknown where nothing says that it is PHI. */
const CONFIDENCE_IDS: Readonly<Record<EgressAlert['phi']['strength'], number>> = {
  none: 0,
  possible: 1,
  likely: 2,
  certain: 3,
};

/** Whoever logged in is the source of the connection. */
function loginOf(alert: EgressAlert) {
  const { receiver, samples } = alert;
  const name = samples[0]?.account ?? receiver.user;
  return {
    src_endpoint: receiverOf(alert),
    user: name === undefined ? undefined : { name },
    data: { rule: alert.rule },
  };
}

/** Personal data (health data is named there) in transit. */
function dataSecurityOf({ protocol, vendor }: EgressAlert) {
  return {
    category_id: 1,
    data_lifecycle_state_id: 2,
    detection_system_id: WEB_PROTOCOLS.has(protocol) ? SECURE_WEB_GATEWAY : OTHER_SYSTEM,
    ...(vendor?.contract !== undefined && { policy: { name: vendor.contract } }),
  };
}

const SECURE_WEB_GATEWAY = 5;
const OTHER_SYSTEM = 99;
const WEB_PROTOCOLS: ReadonlySet<string> = new Set(['http', 'https', 'tunnel']);

function actorOf({ user }: Party) {
  return user === undefined ? undefined : { user: { name: user } };
}

/** An endpoint without anything that names it is none. */
function endpointOf({ ip, host, port }: Party) {
  return ip === undefined && host === undefined ? undefined : { ip, hostname: host, port };
}

function receiverOf({ receiver }: EgressAlert) {
  const endpoint = endpointOf(receiver);
  if (endpoint === undefined || receiver.country === undefined) return endpoint;
  return { ...endpoint, location: { country: receiver.country, provider: locationEvidence(receiver.evidence) } };
}

/** What is over is told by the activity that undoes it, or by its status. */
function troubleOf({ rule, state, source, title, gateway }: ConditionAlert) {
  const status = { status_id: state === 'closed' ? SUCCESS : FAILURE, status_detail: title };
  if (rule === 'source-silent')
    return { class_uid: 1008, activity_id: state === 'closed' ? 6 : 7, ...status, log_name: source ?? gateway };
  return { class_uid: 6008, activity_id: rule === 'format-mismatch' ? 2 : 1, ...status };
}

const SUCCESS = 1;
const FAILURE = 2;
