import type { Alert, EgressAlert } from '../../alerts/alert.ts';
import { eventId } from '../../alerts/notice.ts';
import type { Severity } from '../../rules/severity.ts';
import type { Party } from '../../transfers/transfer.ts';
import { locationEvidence, phiIndicators } from './facts.ts';
import { jsonLine } from './json-line.ts';
import { PRODUCT, VENDOR } from './product.ts';

/**
 * One alert as one event of Google's Unified Data Model ("UDM usage guide", "UDM field list"), in the JSON that
 * `events.import` takes. The principal is who the data came from, the target who received it; a login's principal is who
 * logged in.
 *
 * @param version of this program
 */
export function encodeUdm(alert: Alert, version: string): string {
  return jsonLine({
    metadata: {
      eventTimestamp: alert.lastSeen,
      eventType: eventTypeOf(alert),
      vendorName: VENDOR,
      productName: PRODUCT,
      productVersion: version,
      productEventType: `${alert.rule}.${alert.state}`,
      productLogId: eventId(alert),
      description: alert.explanation,
    },
    ...(alert.kind === 'egress' ? partiesOf(alert) : {}),
    observer: { hostname: alert.gateway },
    securityResult: [securityResultOf(alert)],
    additional: additionalOf(alert),
  });
}

/** Each type demands a principal, and those of the network a target too; what lacks one is generic. */
function eventTypeOf(alert: Alert): string {
  if (alert.kind === 'heartbeat') return 'STATUS_HEARTBEAT';
  if (alert.kind !== 'egress') return 'GENERIC_EVENT';
  const [sender, receiver] = [nounOf(alert.sender), nounOf(alert.receiver)];
  if (alert.claim === 'accessed') return receiver === undefined ? 'GENERIC_EVENT' : 'USER_LOGIN';
  if (sender === undefined || receiver === undefined) return 'GENERIC_EVENT';
  return WEB.has(alert.protocol) ? 'NETWORK_HTTP' : 'NETWORK_CONNECTION';
}

const WEB: ReadonlySet<string> = new Set(['http', 'https']);

function partiesOf(alert: EgressAlert) {
  const { receiver, sender, samples, claim } = alert;
  const place = receiver.country === undefined ? undefined : { countryOrRegion: receiver.country };
  const foreign = nounOf(receiver);
  const located = foreign === undefined ? undefined : { ...foreign, location: place };
  if (claim === 'accessed') {
    const userid = samples[0]?.account ?? receiver.user;
    return {
      principal: located,
      target: { hostname: alert.gateway, ...(userid !== undefined && { user: { userid } }) },
      extensions: { auth: { type: 'MACHINE' } },
    };
  }
  return { principal: nounOf(sender), target: located, ...networkOf(alert) };
}

function networkOf({ bytes, protocol, samples }: EgressAlert) {
  const method = samples[0]?.method;
  return {
    network: {
      ...(WEB.has(protocol) && { applicationProtocol: protocol.toUpperCase(), http: { method } }),
      // A 64-bit number is a text in the JSON of protocol buffers.
      ...(bytes !== undefined && { sentBytes: String(bytes) }),
    },
  };
}

function nounOf({ ip, host, port, user }: Party) {
  if (ip === undefined && host === undefined) return undefined;
  return {
    ...(ip !== undefined && { ip: [ip] }),
    ...(host !== undefined && { hostname: host }),
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user: { userid: user } }),
  };
}

function securityResultOf(alert: Alert) {
  return {
    ...(alert.kind === 'egress' && { category: ['DATA_EXFILTRATION'], categoryDetails: ['contract breach'] }),
    severity: SEVERITIES[alert.severity],
    ruleId: alert.rule,
    ruleName: alert.title,
    summary: alert.title,
    description: alert.explanation,
    alertState: alert.kind === 'egress' && alert.state !== 'closed' ? 'ALERTING' : 'NOT_ALERTING',
  };
}

const SEVERITIES: Readonly<Record<Severity, string>> = {
  info: 'INFORMATIONAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  critical: 'CRITICAL',
};

function additionalOf(alert: Alert) {
  const { id, kind, state, count, vendor, ledger, source, handling } = alert;
  const all = { alertId: id, kind, state, count, source, vendorId: vendor?.id, vendorName: vendor?.name };
  const contract = { contract: vendor?.contract, ledgerSeq: ledger.seq, ledgerHash: ledger.hash };
  const handled = { acknowledgedBy: handling?.acknowledged?.by, disposition: handling?.disposition?.verdict };
  if (alert.kind === 'heartbeat') return { ...all, ...contract, sources: alert.sources };
  if (alert.kind !== 'egress') return { ...all, ...contract, ...handled };
  const { phi, receiver, claim } = alert;
  return {
    ...all,
    ...contract,
    ...handled,
    claim,
    standing: receiver.standing,
    locationEvidence: locationEvidence(receiver.evidence),
    phiStrength: phi.strength,
    phiBasis: phi.basis,
    phiIndicators: phiIndicators(phi.indicators),
  };
}
