import type { Alert, EgressAlert } from '../../alerts/alert.ts';
import { parseAddress } from '../../net/address.ts';
import { locationEvidence, phiIndicators } from './facts.ts';
import { onOneLine, shortened } from './one-line.ts';
import { PRODUCT, VENDOR } from './product.ts';
import { SEVERITY_SCALES } from './severity-scale.ts';

type Extension = readonly (readonly [key: string, value: string | number | undefined])[];

/**
 * One alert as one line of CEF:0, ArcSight Common Event Format (CEF implementation standard, version 27). The source is
 * who the data came from, the destination who received it, whichever of them opened the connection.
 *
 * @param version of this program
 */
export function encodeCef(alert: Alert, version: string): string {
  const severity = SEVERITY_SCALES[alert.severity].cef;
  const header = [
    'CEF:0',
    VENDOR,
    PRODUCT,
    version.slice(0, 31),
    alert.rule,
    shortened(alert.title, 512),
    `${severity}`,
  ];
  const extension = [...lifeOf(alert), ...(alert.kind === 'egress' ? movementOf(alert) : [])];
  return `${header.map(headerField).join('|')}|${extension.flatMap(pair).join(' ')}\n`;
}

/** Keys that every alert has. Custom strings are few (cs1 to cs6), so that each has one meaning in all of them. */
function lifeOf(alert: Alert): Extension {
  const { vendor, ledger, handling } = alert;
  const acknowledged = handling?.acknowledged;
  return [
    ['rt', Date.parse(alert.lastSeen)],
    ['start', Date.parse(alert.firstSeen)],
    ['end', Date.parse(alert.lastSeen)],
    // 40 characters at most: an alert's id has 26.
    ['externalId', alert.id],
    ['cat', alert.kind],
    ['cnt', alert.count],
    ['dvchost', shortened(alert.gateway, 100)],
    ['deviceExternalId', alert.source],
    ['msg', shortened(alert.explanation, 1023)],
    ['reason', handling?.disposition?.verdict ?? alert.closedBecause],
    ...labelled('cs2', 'VendorId', vendor?.id),
    ...labelled('cs3', 'Contract', vendor?.contract),
    ...labelled('cn1', 'RiskScore', SEVERITY_SCALES[alert.severity].score),
    ...labelled('cn2', 'LedgerSequence', ledger.seq),
    ...labelled('flexString1', 'State', alert.state),
    ...labelled('deviceCustomDate1', 'Acknowledged', acknowledged && Date.parse(acknowledged.at)),
  ];
}

function movementOf({ receiver, sender, bytes, claim, phi, protocol, samples }: EgressAlert): Extension {
  const [sample] = samples;
  return [
    ...address('src', 'c6a2', 'Source IPv6 Address', sender.ip),
    ['shost', sender.host],
    ['suser', sender.user],
    ...address('dst', 'c6a3', 'Destination IPv6 Address', receiver.ip),
    ['dhost', receiver.host],
    ['dpt', receiver.port],
    ['duser', receiver.user],
    ['app', shortened(protocol.toUpperCase(), 31)],
    ['deviceDirection', 1],
    ['outcome', claim],
    ['out', bytes !== undefined && bytes <= MAX_INTEGER ? bytes : undefined],
    ...labelled('cn3', 'Bytes', bytes),
    ['requestMethod', sample?.method],
    ...labelled('cs1', 'ReceiverCountry', receiver.country ?? receiver.standing),
    ...labelled('cs4', 'LocationEvidence', text(locationEvidence(receiver.evidence))),
    ...labelled('cs5', 'PhiIndicators', text(phiIndicators(phi.indicators))),
    ...labelled('cs6', 'Phi', [phi.strength, phi.basis].filter((it) => it !== undefined).join(' ')),
    ...labelled('flexString2', 'Standing', receiver.standing),
  ];
}

/** `in` and `out` are 32-bit in strict parsers; a custom number is a long. */
const MAX_INTEGER = 2_147_483_647;

/** cs1 to cs6 hold 4000 characters. */
function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : shortened(value, 4000);
}

/** `src` and `dst` are IPv4 alone; an IPv6 address has a key of its own, with a label. */
function address(key: string, keyV6: string, labelV6: string, ip: string | undefined): Extension {
  if (ip === undefined) return [];
  return parseAddress(ip)?.family === 6 ? labelled(keyV6, labelV6, ip) : [[key, ip]];
}

/** A custom key means nothing without its label. */
function labelled(key: string, label: string, value: string | number | undefined): Extension {
  if (value === undefined) return [];
  return [
    [key, value],
    [`${key}Label`, label],
  ];
}

function pair([key, value]: Extension[number]): readonly string[] {
  return value === undefined ? [] : [`${key}=${extensionValue(String(value))}`];
}

/** In the header, `|` and `\\` are escaped, and `=` is not. */
function headerField(value: string): string {
  return onOneLine(value).replaceAll(/[\\|]/g, '\\$&');
}

/** In a value, `=` and `\\` are escaped, and `|` is not. A blank at its end would be ambiguous. */
function extensionValue(value: string): string {
  return onOneLine(value).replaceAll(/[\\=]/g, '\\$&');
}
