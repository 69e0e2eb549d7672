import type { Alert, EgressAlert, SourceBeat } from '../../alerts/alert.ts';
import type { Evidence } from '../../geo/location.ts';
import type { Indicator } from '../../phi/indicator.ts';
import type { MaskedActivity } from '../../rules/finding.ts';
import type { Party } from '../../transfers/transfer.ts';
import { jsonLine } from './json-line.ts';

/** One alert as one line of NDJSON: its keys in the contract's order, those that are not known absent. */
export function encodeNative(alert: Alert): string {
  return jsonLine(nativeForm(alert));
}

/** The alert with its keys in order. Those that are `undefined` are no keys. */
export function nativeForm(alert: Alert): object {
  return alert.kind === 'egress' ? egressInOrder(alert) : plainInOrder(alert);
}

function plainInOrder(alert: Exclude<Alert, EgressAlert>): object {
  return {
    ...lifeOf(alert),
    count: alert.count,
    vendor: vendor(alert),
    source: alert.source,
    sources: alert.kind === 'heartbeat' ? alert.sources.map(sourceBeat) : undefined,
    gateway: alert.gateway,
    explanation: alert.explanation,
    nextSteps: alert.nextSteps,
    ledger: { seq: alert.ledger.seq, hash: alert.ledger.hash },
  };
}

function sourceBeat({ name, lines, parsed, skipped, unreadable, cut, quietSeconds }: SourceBeat) {
  return { name, lines, parsed, skipped, unreadable, cut, quietSeconds };
}

function egressInOrder(alert: EgressAlert): object {
  const { receiver, phi } = alert;
  return {
    ...lifeOf(alert),
    count: alert.count,
    bytes: alert.bytes,
    claim: alert.claim,
    vendor: vendor(alert),
    receiver: {
      ...party(receiver),
      country: receiver.country,
      standing: receiver.standing,
      evidence: receiver.evidence.map(evidence),
    },
    sender: party(alert.sender),
    phi: { strength: phi.strength, basis: phi.basis, indicators: phi.indicators.map(indicator) },
    protocol: alert.protocol,
    source: alert.source,
    gateway: alert.gateway,
    samples: alert.samples.map(sample),
    attack: alert.attack,
    explanation: alert.explanation,
    nextSteps: alert.nextSteps,
    ledger: { seq: alert.ledger.seq, hash: alert.ledger.hash },
  };
}

function lifeOf(alert: Alert) {
  const { id, kind, dedupeKey, rule, title, severity, state, closedBecause, firstSeen, lastSeen } = alert;
  const handling = handlingInOrder(alert);
  return { id, kind, dedupeKey, rule, title, severity, state, closedBecause, handling, firstSeen, lastSeen };
}

function handlingInOrder({ handling: it }: Alert) {
  const { acknowledged, disposition } = it ?? {};
  return (
    it && {
      acts: it.acts,
      acknowledged: acknowledged && { at: acknowledged.at, by: acknowledged.by },
      disposition: disposition && { verdict: disposition.verdict, at: disposition.at, by: disposition.by },
    }
  );
}

function vendor({ vendor: it }: Alert) {
  return it && { id: it.id, name: it.name, contract: it.contract };
}

function party({ ip, host, port, user }: Party) {
  return { ip, host, port, user };
}

function evidence({ step, source, edition, built, sha256, network, said }: Evidence) {
  return { step, source, edition, built, sha256, network, said };
}

function indicator({ class: name, axis, weight, seenIn, says }: Indicator) {
  return { class: name, axis, weight, seenIn, says };
}

function sample(it: MaskedActivity) {
  const { time, kind, protocol, bytes, method, status, url, path, contentType, account, key } = it;
  const parties = { sender: party(it.sender), receiver: party(it.receiver) };
  return { time, kind, protocol, ...parties, bytes, method, status, url, path, contentType, account, key };
}
