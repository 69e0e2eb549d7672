import { type LogRecord, printRecord } from '../formats/record.ts';
import type { Masker } from '../phi/masking.ts';
import type { ActivityTrace, Trace } from '../pipeline/inspect.ts';
import { permissionInWords } from '../rules/words.ts';
import type { Line } from '../sources/line.ts';
import type { Activity, Party } from '../transfers/transfer.ts';
import { type Paint, table } from './io.ts';
import { evidenceTable, locationLine } from './location-text.ts';

const INDENT = '             ';

/**
 * Every step that a line took, for a terminal: what was read, what moved, who, where, what, and what each rule said.
 * Shows nothing that an alert would not show: identifiers are masked.
 */
export function explainText(line: Line, trace: Trace, masker: Masker, paint: Paint): string {
  const head = section('line', `source ${line.source}, ${line.text.length} characters`, paint);
  if (trace.kind === 'no-record') {
    const { kind, because } = trace.reading;
    const words = kind === 'skipped' ? paint.faint(`skipped: ${because}`) : paint.bad(`unreadable: ${because}`);
    return `${head}${section('record', words, paint)}${INDENT}${paint.faint(masker.maskLine(line.text))}\n`;
  }
  const { record, activities } = trace;
  const moved = activities.map((it) => activityText(it, masker, paint)).join('');
  return `${head}${recordText(record, masker, paint)}${moved === '' ? nothingMoved(record, paint) : moved}`;
}

function recordText(record: LogRecord, masker: Masker, paint: Paint): string {
  const { kind, time, ...fields } = JSON.parse(printRecord(maskRecord(record, masker))) as Record<string, unknown>;
  const rows = Object.entries(fields).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([inner, it]) => [`${key}.${inner}`, String(it)])
      : [[key, String(value)]],
  );
  return section('record', `${kind} at ${time}`, paint) + table(rows, INDENT);
}

/** The record as it may be shown. */
function maskRecord(record: LogRecord, masker: Masker): LogRecord {
  const { referrer: _, agent: __, client, server, url, file, ...plain } = record;
  const party = (it: Party): Party => ({
    ...it,
    ...(it.host !== undefined && { host: masker.maskHost(it.host) }),
    ...(it.user !== undefined && { user: masker.maskUser(it.user) }),
  });
  return {
    ...plain,
    ...(client !== undefined && { client: party(client) }),
    ...(server !== undefined && { server: party(server) }),
    ...(url !== undefined && { url: masker.maskUrl(url) }),
    ...(file !== undefined && {
      file: {
        path: masker.maskPath(file.path),
        operation: file.operation,
        ...(file.to !== undefined && { to: masker.maskPath(file.to) }),
      },
    }),
  };
}

function nothingMoved(record: LogRecord, paint: Paint): string {
  const why =
    record.reached === 'nobody'
      ? 'the proxy answered by itself: no server was reached'
      : record.outcome === 'denied'
        ? 'it was denied'
        : 'this line moves nothing away from us, or the bytes come with a later line of its session';
  return section('transfer', paint.faint(`none: ${why}`), paint);
}

function activityText(trace: ActivityTrace, masker: Masker, paint: Paint): string {
  const { activity, vendor, location, residency } = trace;
  const vendorWords =
    vendor === undefined
      ? 'none: the receiver is in no vendor’s endpoints'
      : `${vendor.vendor.name} (${vendor.vendor.id}), by ${vendor.by} ${vendor.entry}`;
  const parts = [
    section(activity.kind === 'access' ? 'access' : 'transfer', movementWords(activity, masker), paint),
    section('vendor', vendorWords, paint),
    section('location', locationLine(location, paint), paint),
    evidenceTable(location.evidence, INDENT),
    section(
      'residency',
      `${residencyWords(residency.verdict, paint)}: permitted is ${permissionInWords(residency.permission)}`,
      paint,
    ),
  ];
  if (trace.kind === 'of-no-interest')
    return [...parts, section('gate', paint.faint(`stops here: ${trace.because}`), paint)].join('');

  const { phi } = trace.assessment;
  parts.push(
    section('phi', phi.basis === undefined ? paint.faint('none') : `${phi.strength}, by ${phi.basis}`, paint),
    table(
      phi.indicators.map(({ weight, axis, seenIn, says }) => [weight.toFixed(2), axis, `${says} (${seenIn})`]),
      INDENT,
    ),
  );
  trace.judgements.forEach(({ rule, verdict, finding }, index) => {
    const words =
      verdict.kind === 'fired'
        ? paint.bad(`${rule.id}: ${finding?.severity ?? verdict.severity}, because ${verdict.because}`)
        : paint.faint(`${rule.id}: no, because ${verdict.because}`);
    parts.push(section(index === 0 ? 'rules' : '', words, paint));
  });
  for (const { finding } of trace.judgements) {
    if (finding === undefined) continue;
    parts.push(section('finding', `${finding.id} ${paint.heading(finding.title)}`, paint));
    parts.push(`${INDENT}claim: ${finding.claim}\n`, `${INDENT}${finding.explanation}\n`);
    finding.nextSteps.forEach((step, index) => {
      parts.push(section(index === 0 ? 'next steps' : '', `${index + 1}. ${step}`, paint));
    });
  }
  return parts.join('');
}

function movementWords(activity: Activity, masker: Masker): string {
  const { sender, receiver, protocol } = activity;
  const from = partyWords(sender, masker);
  const to = partyWords(receiver, masker);
  if (activity.kind === 'access') return `${to} logged in to ${from} over ${protocol}`;
  const bytes = activity.bytes === undefined ? 'size not told' : `${activity.bytes.toLocaleString('en-US')} bytes`;
  return `${from} -> ${to}, ${activity.vehicle} over ${protocol}, ${bytes}, ${activity.reach}`;
}

function partyWords({ user, host, ip, port }: Party, masker: Masker): string {
  const name = host === undefined ? undefined : masker.maskHost(host);
  const address = ip === undefined || port === undefined ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
  const words = [user === undefined ? undefined : masker.maskUser(user), name, address].filter(
    (it) => it !== undefined,
  );
  return words.length === 0 ? 'somebody whom the log does not name' : words.join(' ');
}

function residencyWords(verdict: ActivityTrace['residency']['verdict'], paint: Paint): string {
  switch (verdict) {
    case 'home':
    case 'permitted':
      return paint.good(verdict);
    case 'not-public':
      return paint.faint(verdict);
    case 'undetermined':
      return paint.doubt(verdict);
    case 'outside':
    case 'concern':
      return paint.bad(verdict);
    default:
      return verdict satisfies never;
  }
}

function section(title: string, words: string, paint: Paint): string {
  return `${paint.heading(title.toUpperCase().padEnd(INDENT.length - 1))} ${words}\n`;
}
