import type { Alert, EgressAlert, SourceBeat } from '../../alerts/alert.ts';

/** A name of ours, letters and digits, and what stands behind it in one line of text. */
export type Fact = readonly [name: string, value: string | number];

/**
 * What an alert says, as single values: for formats that know names and values and nothing below them. In the order of the
 * native form; what is not known is absent.
 */
export function factsOf(alert: Alert): readonly Fact[] {
  const { vendor, ledger, handling } = alert;
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    ['alertId', alert.id],
    ['kind', alert.kind],
    ['dedupeKey', alert.dedupeKey],
    ['state', alert.state],
    ['closedBecause', alert.closedBecause],
    ['acknowledgedAt', handling?.acknowledged?.at],
    ['acknowledgedBy', handling?.acknowledged?.by],
    ['disposition', handling?.disposition?.verdict],
    ['dispositionAt', handling?.disposition?.at],
    ['dispositionBy', handling?.disposition?.by],
    ['severity', alert.severity],
    ['firstSeen', alert.firstSeen],
    ['lastSeen', alert.lastSeen],
    ['count', alert.count],
    ['vendorId', vendor?.id],
    ['vendorName', vendor?.name],
    ['contract', vendor?.contract],
    ...(alert.kind === 'egress' ? egressFacts(alert) : []),
    ['sources', alert.kind === 'heartbeat' ? alert.sources.map(sourceBeat).join('; ') : undefined],
    ['source', alert.source],
    ['gateway', alert.gateway],
    ['explanation', alert.explanation],
    ['nextSteps', alert.nextSteps.join(' ')],
    ['ledgerSeq', ledger.seq],
    ['ledgerHash', ledger.hash],
  ];
  return facts.flatMap(([name, value]): readonly Fact[] => (value === undefined ? [] : [[name, value]]));
}

function egressFacts({ bytes, claim, receiver, sender, phi, protocol, attack }: EgressAlert) {
  return [
    ['bytes', bytes],
    ['claim', claim],
    ['receiverIp', receiver.ip],
    ['receiverHost', receiver.host],
    ['receiverPort', receiver.port],
    ['receiverUser', receiver.user],
    ['receiverCountry', receiver.country],
    ['receiverStanding', receiver.standing],
    ['locationEvidence', locationEvidence(receiver.evidence)],
    ['senderIp', sender.ip],
    ['senderHost', sender.host],
    ['senderUser', sender.user],
    ['phiStrength', phi.strength],
    ['phiBasis', phi.basis],
    ['phiIndicators', phiIndicators(phi.indicators)],
    ['protocol', protocol],
    ['attack', attack.length === 0 ? undefined : attack.join(' ')],
  ] as const;
}

/** `squid lines=1204 parsed=1200 skipped=1 unreadable=3 cut=0 quiet=12`. */
function sourceBeat({ name, lines, parsed, skipped, unreadable, cut, quietSeconds }: SourceBeat): string {
  const counts = Object.entries({ lines, parsed, skipped, unreadable, cut, quiet: quietSeconds });
  return `${name} ${counts.map(([key, value]) => `${key}=${value}`).join(' ')}`;
}

/** `dbip-country.mmdb 2026-11-01: IN; geo-whois-asn-country.mmdb: no entry`. */
export function locationEvidence(evidence: EgressAlert['receiver']['evidence']): string | undefined {
  if (evidence.length === 0) return undefined;
  return evidence
    .map(({ source, built, said }) => `${source}${built === undefined ? '' : ` ${built.slice(0, 10)}`}: ${said}`)
    .join('; ');
}

/** One that speaks for both axes is said once. */
export function phiIndicators(indicators: EgressAlert['phi']['indicators']): string | undefined {
  return indicators.length === 0 ? undefined : [...new Set(indicators.map(({ says }) => says))].join('; ');
}
