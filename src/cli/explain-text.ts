import type { LogRecord } from '../formats/record.ts';
import type { Masker } from '../phi/masking.ts';
import type { ActivityTrace, Trace } from '../pipeline/inspect.ts';
import type { Finding } from '../rules/finding.ts';
import type { Judgement } from '../rules/judge.ts';
import { bytesInWords, permissionInWords } from '../rules/words.ts';
import type { Line } from '../sources/line.ts';
import type { Party } from '../transfers/transfer.ts';
import { counted, type Paint, type Screen } from './io.ts';
import { type Cell, indented, prose, table } from './layout.ts';
import { evidenceRows, locationLine } from './location-text.ts';
import { indicatorRows } from './phi-text.ts';
import { recordRows } from './record-text.ts';
import { permittedCountries, termsRows } from './terms-text.ts';

/** Where the text stands, right of the labels. */
const INDENT = 12;

/**
 * Every step that a line took, for a terminal: what was read, what moved, who, where, what, and what each rule said.
 * Shows nothing that an alert would not show: identifiers are masked.
 */
export function explainText(line: Line, trace: Trace, masker: Masker, screen: Screen): string {
  const { paint } = screen;
  const show: Show = {
    paint,
    section: (label, ...parts) => {
      const body = indented(parts.join(''), INDENT);
      return paint.heading(label.padEnd(INDENT)) + body.slice(INDENT);
    },
    rows: (rows, indent = 0) => table(rows, { width: screen.width - INDENT, indent }),
    words: (text) => prose(text, { width: screen.width - INDENT }),
  };
  return trace.kind === 'no-record' ? unreadText(line, trace, masker, show) : traceText(line, trace, masker, show);
}

/** The pieces of the screen, all of its width. */
interface Show {
  readonly paint: Paint;
  /** A label, and lines beside it. */
  readonly section: (label: string, ...parts: readonly string[]) => string;
  readonly rows: (rows: readonly (readonly Cell[])[], indent?: number) => string;
  readonly words: (text: string) => string;
}

function unreadText(
  { source, text }: Line,
  { reading }: Extract<Trace, { kind: 'no-record' }>,
  masker: Masker,
  { paint, section, rows, words }: Show,
): string {
  const column = reading.kind === 'unreadable' && reading.column !== undefined ? `, at column ${reading.column}` : '';
  const verdict = {
    text: `${reading.kind}: ${reading.because}${column}`,
    paint: reading.kind === 'skipped' ? paint.faint : paint.bad,
  };
  return (
    section('LINE', words(`${counted(text.length, 'character')} of source ${source}`)) +
    section('RECORD', rows([[verdict]]), rows([[{ text: masker.maskLine(text), paint: paint.faint }]]))
  );
}

function traceText(
  { source }: Line,
  { record, activities }: Extract<Trace, { kind: 'record' }>,
  masker: Masker,
  show: Show,
): string {
  const { paint, section, rows, words } = show;
  const time = new Date(record.timeMs).toISOString().replace('T', ' ').replace('Z', ' UTC');
  const read = section(
    'RECORD',
    words(`${record.kind}, ${time}, source ${source}`),
    rows(recordRows(record, masker), 2),
  );
  const moved = activities.map((it) => activityText(it, masker, show)).join('\n');
  const nothing = () => section('TRANSFER', rows([[{ text: `none: ${whyNothingMoved(record)}`, paint: paint.faint }]]));
  return read + (activities.length === 0 ? nothing() : moved);
}

function whyNothingMoved(record: LogRecord): string {
  if (record.reached === 'nobody') return 'the proxy answered by itself, no server was reached';
  if (record.outcome === 'denied') return 'it was denied';
  return 'this line moves nothing away from us, or the bytes come with a later line of its session';
}

function activityText(trace: ActivityTrace, masker: Masker, show: Show): string {
  const { section, rows, words, paint } = show;
  const { vendor, location, residency } = trace;
  const { permission } = residency;
  const countries = permittedCountries(permission);
  return [
    movementText(trace, masker, show),
    vendor === undefined
      ? section('VENDOR', words('none: no vendor declares the receiver as its endpoint'))
      : section(
          'VENDOR',
          words(`${vendor.vendor.name} (${vendor.vendor.id}), by ${vendor.by} ${vendor.entry}`),
          words(CARRIES[vendor.vendor.carries]),
        ),
    vendor !== undefined && vendor.vendor.terms.length > 0
      ? section('TERMS', rows(termsRows(vendor.vendor, permission, trace.activity, paint)))
      : '',
    section(
      'LOCATION',
      rows([[locationLine(location, paint)]]),
      rows(evidenceRows(location.evidence, paint), 2),
      trace.activity.receiver.ip === undefined && trace.activity.session !== undefined ? words(GIVE_CONTEXT) : '',
    ),
    section(
      'RESIDENCY',
      rows([
        [
          { text: residency.verdict, paint: residencyPaint(residency.verdict, paint) },
          `permitted: ${permissionInWords(permission)}${countries === undefined ? '' : `, that is ${countries}`}`,
        ],
      ]),
    ),
    trace.kind === 'of-no-interest'
      ? section('RULES', words(`not asked, because ${trace.because}`))
      : judgedText(trace, show),
  ].join('');
}

const CARRIES = {
  phi: 'declared to carry PHI and nothing else',
  mixed: 'declared to carry PHI among other things: its name alone proves nothing',
  none: 'declared to carry no PHI',
} as const;

const GIVE_CONTEXT = 'give the earlier lines of its session on standard input, and the address is known';

function movementText(trace: ActivityTrace, masker: Masker, { section, rows, words }: Show): string {
  const { activity, vendor } = trace;
  const { sender, receiver } = masker.maskActivity(activity, {
    accountIsVendors: vendor?.by === 'account' || vendor?.by === 'key',
  });
  const [from, to] = [partyInWords(sender), partyInWords(receiver)];
  if (activity.kind === 'access') {
    const how = activity.authMethod === undefined ? '' : ` with ${activity.authMethod}`;
    // Who logs in is the party that data may go to.
    const ends = [
      ['by', to],
      ['to', from],
    ];
    return section('ACCESS', words(`login over ${activity.protocol}${how}`), rows(ends, 2));
  }
  const amount = activity.bytes === undefined ? 'an unknown number of bytes' : bytesInWords(activity.bytes);
  const what = `${amount}, ${VEHICLES[activity.vehicle]} over ${activity.protocol}, ${activity.reach}`;
  const ends = [
    ['from', from],
    ['to', to],
  ];
  return section('TRANSFER', words(what), rows(ends, 2));
}

const VEHICLES = {
  body: 'as a body',
  tunnel: 'through an encrypted tunnel',
  url: 'in the request line',
  file: 'as a file',
  flow: 'as a flow of unknown content',
} as const;

function partyInWords({ user, host, ip, port }: Party): string {
  const address = ip === undefined || port === undefined ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
  const machine = host !== undefined && address !== undefined ? `${host} (${address})` : (host ?? address);
  if (user === undefined) return machine ?? 'somebody whom the log does not name';
  return machine === undefined ? user : `${user} at ${machine}`;
}

function residencyPaint(verdict: ActivityTrace['residency']['verdict'], paint: Paint): (text: string) => string {
  switch (verdict) {
    case 'home':
    case 'permitted':
      return paint.good;
    case 'not-public':
      return paint.faint;
    case 'undetermined':
      return paint.doubt;
    case 'outside':
    case 'concern':
      return paint.bad;
    default:
      return verdict satisfies never;
  }
}

function judgedText(
  { assessment: { phi }, judgements }: Extract<ActivityTrace, { kind: 'judged' }>,
  show: Show,
): string {
  const { section, rows, words, paint } = show;
  const silent = judgements.filter(({ finding }) => finding === undefined);
  const fired = judgements.filter(({ finding }) => finding !== undefined);
  const phiWords = phi.basis === undefined ? 'none' : `${phi.strength}, by ${phi.basis}`;
  return [
    section('PHI', words(phiWords), rows(indicatorRows(phi, paint), 2)),
    section('RULES', rows([...fired, ...silent].map((it) => ruleRow(it, paint)))),
    ...judgements.flatMap(({ finding }) => (finding === undefined ? [] : ['\n', findingText(finding, show)])),
  ].join('');
}

function ruleRow({ rule, verdict, finding }: Judgement, { bad, faint }: Paint): readonly Cell[] {
  const paint = finding === undefined ? faint : bad;
  const cells = [finding?.severity ?? 'no', rule.id, verdict.because];
  return cells.map((text) => ({ text, paint }));
}

function findingText(
  { title, severity, claim, explanation, nextSteps }: Finding,
  { section, rows, words, paint }: Show,
) {
  const head = [severity.toUpperCase(), title].map((text) => ({ text, paint: paint.bad }));
  return [
    section('FINDING', rows([head]), words(`proved: ${claim}`)),
    section('WHY', words(explanation)),
    section('NEXT', rows(nextSteps.map((step, index) => [`${index + 1}.`, step]))),
  ].join('');
}
