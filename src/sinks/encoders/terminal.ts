import type { Alert, ClosingReason, EgressAlert } from '../../alerts/alert.ts';
import type { Evidence } from '../../geo/location.ts';
import { country } from '../../net/country.ts';
import type { Basis } from '../../phi/indicator.ts';
import type { Claim } from '../../rules/finding.ts';
import type { Severity } from '../../rules/severity.ts';
import { bytesInWords, countryName } from '../../rules/words.ts';
import type { Party } from '../../transfers/transfer.ts';
import { row, wrap } from './layout.ts';

export interface TerminalStyle {
  /** Characters a line; held between 60 and 120, where text can be read. */
  readonly width: number;
  readonly colour: boolean;
}

/** A notice of an alert, as it appears among others: whole when the alert is new, and later only what has changed. */
export function encodeNoticeForTerminal(alert: Alert, style: TerminalStyle): string {
  const isNew = alert.state === 'open' && alert.handling === undefined;
  return write(alert, isNew ? allRows(alert) : changingRows(alert), style);
}

/** One alert as text for people, ending in an empty line. No control character of the alert's passes. */
export function encodeForTerminal(alert: Alert, style: TerminalStyle): string {
  return write(alert, allRows(alert), style);
}

function write(alert: Alert, rows: readonly Row[], { width, colour }: TerminalStyle): string {
  const columns = Math.min(Math.max(width, 60), 120);
  const heading = `${alert.severity.toUpperCase()}  ${wrap(`${alert.title}${stateSuffix(alert)}`, columns).join(' ')}`;
  const body = rows.flatMap(([label, texts]) => {
    const lines = texts.flatMap((text) => wrap(text, columns - INDENT));
    return row(label, lines, INDENT);
  });
  const painted = colour ? `\u001b[${COLOURS[alert.severity]}m${heading}\u001b[0m` : heading;
  return `${[painted, ...body, ''].join('\n')}\n`;
}

/** Where the text stands, right of the labels. */
const INDENT = 12;

type Row = readonly [label: string, texts: readonly string[]];

/** In the order in which an analyst asks. */
function allRows(alert: Alert): readonly Row[] {
  return alert.kind === 'egress' ? egressRows(alert) : plainRows(alert);
}

function plainRows(alert: Exclude<Alert, EgressAlert>): readonly Row[] {
  const { vendor, source, gateway, id, rule } = alert;
  return [
    ['watch', [source === undefined ? gateway : `source ${source} on ${gateway}`]],
    ['vendor', vendor === undefined ? [] : [`${vendor.name} (${vendor.id})`]],
    ['when', [timeInWords(alert)]],
    ['handled', handlingInWords(alert)],
    ['why', [alert.explanation]],
    ['next', alert.nextSteps.map((step, index) => `${index + 1}. ${step}`)],
    ['alert', [`${id}, rule ${rule}`]],
  ];
}

function egressRows(alert: EgressAlert): readonly Row[] {
  return [
    ['who', [`${partyInWords(alert.sender, 'our side')} -> ${receiverInWords(alert)}`]],
    ['where', [placeInWords(alert), ...alert.receiver.evidence.map(evidenceInWords)]],
    ['how much', [amountInWords(alert)]],
    ['when', [timeInWords(alert)]],
    ['handled', handlingInWords(alert)],
    ['proved', [`${alert.claim}: ${CLAIMS[alert.claim]}`]],
    ['PHI', [phiInWords(alert)]],
    ['contract', alert.vendor?.contract === undefined ? [] : [alert.vendor.contract]],
    ['why', [alert.explanation]],
    ['next', alert.nextSteps.map((step, index) => `${index + 1}. ${step}`)],
    ['alert', [`${alert.id}, rule ${alert.rule}, source ${alert.source} on ${alert.gateway}`]],
  ];
}

function changingRows(alert: Alert): readonly Row[] {
  const about: readonly Row[] =
    alert.kind === 'egress'
      ? [
          ['who', [receiverInWords(alert)]],
          ['where', [placeInWords(alert)]],
          ['how much', [amountInWords(alert)]],
        ]
      : [['watch', [alert.source === undefined ? alert.gateway : `source ${alert.source} on ${alert.gateway}`]]];
  return [
    ...about,
    ['when', [timeInWords(alert)]],
    ['handled', handlingInWords(alert)],
    ['alert', [`${alert.id}, see phi-egress alerts show ${alert.id.slice(0, 8)}`]],
  ];
}

function stateSuffix(alert: Alert): string {
  const { state, count } = alert;
  const seen = alert.kind === 'egress' ? findings(count) : times(count);
  switch (state) {
    case 'open':
      return '';
    case 'updated':
      return ` (updated, now ${seen})`;
    case 'closed':
      return ` (${CLOSINGS[alert.closedBecause ?? 'quiet']} after ${seen})`;
    default:
      return state satisfies never;
  }
}

const CLOSINGS: Readonly<Record<ClosingReason, string>> = {
  quiet: 'closed',
  'too-many-open': 'closed',
  mended: 'mended',
  disposition: 'closed',
};

function times(count: number): string {
  return count === 1 ? 'showing once' : `showing ${count.toLocaleString('en-US')} times`;
}

function findings(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'finding' : 'findings'}`;
}

function receiverInWords({ vendor, receiver }: EgressAlert): string {
  if (vendor === undefined) return partyInWords(receiver, 'an unknown receiver');
  return `${vendor.name} (${vendor.id}), ${partyInWords(receiver, 'address unknown')}`;
}

/** `jdoe at ws12 (10.1.2.3:51514)`, with whatever of it is known. */
function partyInWords({ user, host, ip, port }: Party, unknown: string): string {
  const address = ip === undefined ? undefined : withPort(ip, port);
  const machine = host !== undefined && address !== undefined ? `${host} (${address})` : (host ?? address);
  if (user === undefined) return machine ?? unknown;
  return machine === undefined ? user : `${user} at ${machine}`;
}

function withPort(ip: string, port: number | undefined): string {
  if (port === undefined) return ip;
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function placeInWords({ receiver: { country: code, standing, evidence } }: EgressAlert): string {
  // `IN`, or of a name `IN: ap-south-1`.
  const answers = evidence.flatMap(({ step, said }) => (VOICES.has(step) ? [said.split(':', 1)[0] ?? said] : []));
  const codes = code === undefined ? (standing === 'disputed' ? answers : []) : [code];
  const names = [...new Set(codes.flatMap((it) => country(it) ?? []))].map(countryName);
  return names.length === 0 ? standing : `${names.join(' or ')}, ${standing}`;
}

/** Whose answers can differ. */
const VOICES: ReadonlySet<Evidence['step']> = new Set(['database', 'host-name']);

/** `dbip-country-lite.mmdb (DBIP-Country-Lite, built 2026-11-01) for 13.232.0.0/14: IN`. */
function evidenceInWords({ source, edition, built, network, said }: Evidence): string {
  const about = [edition, built === undefined ? undefined : `built ${built.slice(0, 10)}`].filter(
    (it) => it !== undefined,
  );
  const data = about.length === 0 ? source : `${source} (${about.join(', ')})`;
  return `${network === undefined ? data : `${data} for ${network}`}: ${said}`;
}

function amountInWords({ bytes, count, protocol }: EgressAlert): string {
  const amount = bytes === undefined ? 'an unknown number of bytes' : bytesInWords(bytes);
  return `${amount} in ${findings(count)} over ${protocol}`;
}

function timeInWords({ firstSeen, lastSeen }: Alert): string {
  return firstSeen === lastSeen ? seconds(firstSeen) : `${seconds(firstSeen)} to ${seconds(lastSeen)}`;
}

/** `2026-11-24 03:48:06 UTC`. */
function seconds(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

function handlingInWords({ handling }: Alert): readonly string[] {
  const { acknowledged, disposition } = handling ?? {};
  return [
    ...(acknowledged === undefined ? [] : [`acknowledged by ${acknowledged.by} at ${seconds(acknowledged.at)}`]),
    ...(disposition === undefined
      ? []
      : [`closed as ${disposition.verdict} by ${disposition.by} at ${seconds(disposition.at)}`]),
  ];
}

function phiInWords({ phi }: EgressAlert): string {
  const head = phi.basis === undefined ? phi.strength : `${phi.strength}, ${BASES[phi.basis]}`;
  // An indicator that speaks for both axes stands there twice.
  const says = [...new Set(phi.indicators.map((it) => it.says))];
  return says.length === 0 ? head : `${head}: ${says.join('; ')}`;
}

const CLAIMS: Readonly<Record<Claim, string>> = {
  delivered: 'status and byte counts say that the receiver got it',
  accessed: 'access was given; the log does not show that data moved',
  attempted: 'it was tried; the log does not show that the receiver got it',
  indicator: 'a pattern only; the log cannot show what was sent',
};

const BASES: Readonly<Record<Basis, string>> = {
  'dlp-verdict': 'by the verdict of a DLP engine',
  'content-indicator': 'by its content as far as the log shows it',
  'phi-system': 'because it came from a system that holds PHI',
  'vendor-presumption': 'because of what the vendor is declared to receive',
};

/** SGR parameters, ECMA-48 section 8.3.117. */
const COLOURS: Readonly<Record<Severity, string>> = {
  critical: '1;97;41',
  high: '1;31',
  medium: '1;33',
  low: '1;36',
  info: '1',
};
