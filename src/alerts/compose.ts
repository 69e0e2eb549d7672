import { createHash } from 'node:crypto';
import type { Finding } from '../rules/finding.ts';
import type { EgressAlert } from './alert.ts';
import { isWorse, stronger } from './notice.ts';

const MAX_SAMPLES = 5;

/** An alert of one finding. */
export function openAlert(finding: Finding, ledger: EgressAlert['ledger'], gateway: string): EgressAlert {
  const seen = new Date(finding.timeMs).toISOString();
  return {
    id: alertId(finding),
    kind: 'egress',
    dedupeKey: finding.dedupeKey,
    rule: finding.rule,
    title: finding.title,
    severity: finding.severity,
    state: 'open',
    firstSeen: seen,
    lastSeen: seen,
    count: 1,
    ...(finding.bytes !== undefined && { bytes: finding.bytes }),
    claim: finding.claim,
    ...portrait(finding),
    gateway,
    samples: [finding.activity],
    attack: finding.attack,
    explanation: finding.explanation,
    nextSteps: finding.nextSteps,
    ledger,
  };
}

/**
 * An alert with one finding more. What it shows (who, where, why) is that of the first among its worst findings, whole:
 * a mixture of several findings would describe something that never happened.
 */
export function joinAlert(alert: EgressAlert, finding: Finding, ledger: EgressAlert['ledger']): EgressAlert {
  const timeMs = finding.timeMs;
  const bytes = sum(alert.bytes, finding.bytes);
  const shown = isWorse(finding.severity, alert.severity) ? openAlert(finding, ledger, alert.gateway) : alert;
  return {
    ...shown,
    id: alert.id,
    state: 'updated',
    ...(alert.handling !== undefined && { handling: alert.handling }),
    firstSeen: new Date(Math.min(Date.parse(alert.firstSeen), timeMs)).toISOString(),
    lastSeen: new Date(Math.max(Date.parse(alert.lastSeen), timeMs)).toISOString(),
    count: alert.count + 1,
    ...(bytes !== undefined && { bytes }),
    claim: stronger(alert.claim, finding.claim),
    samples: alert.samples.length < MAX_SAMPLES ? [...alert.samples, finding.activity] : alert.samples,
    ledger,
  };
}

/** `a-` and 24 hex digits. The same findings in the same order give the same id, live and replayed. */
function alertId({ dedupeKey, id }: Finding): string {
  return `a-${createHash('sha256').update(`${dedupeKey}\n${id}`).digest('hex').slice(0, 24)}`;
}

/** Who, where and what, as one finding saw it. */
function portrait({ vendor, activity, location, phi, source }: Finding) {
  return {
    ...(vendor !== undefined && {
      vendor: { id: vendor.id, name: vendor.name, ...(vendor.contract !== undefined && { contract: vendor.contract }) },
    }),
    receiver: {
      ...activity.receiver,
      ...('country' in location && { country: location.country }),
      standing: location.standing,
      evidence: location.evidence,
    },
    sender: activity.sender,
    phi: { strength: phi.strength, ...(phi.basis !== undefined && { basis: phi.basis }), indicators: phi.indicators },
    protocol: activity.protocol,
    source,
  };
}

/** Of what is known; an unknown size adds nothing and hides nothing. */
function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : one + (other ?? 0);
}
