import type { Alert } from '../alerts/alert.ts';
import type { Finding } from '../rules/finding.ts';
import type { Severity } from '../rules/severity.ts';
import { encodeForTerminal } from '../sinks/encoders/terminal.ts';
import type { KeptAct } from '../store/handling.ts';
import type { Delivery } from '../store/queries.ts';
import type { AlertTimes } from './alerts-times.ts';
import { count, type Paint, type Screen } from './io.ts';
import { type Cell, table } from './layout.ts';
import { seconds } from './times.ts';

/** A row for each alert. */
export function listText(alerts: readonly Alert[], { paint, listWidth: width }: Screen): string {
  const heading = ['id', 'severity', 'state', 'last seen', 'findings', 'rule', 'vendor or host', 'where'];
  const rows = alerts.map((alert) => [
    alert.id,
    severityCell(alert.severity, paint),
    alert.state,
    minutes(alert.lastSeen),
    count(alert.count),
    alert.rule,
    alert.vendor?.id ?? subjectOf(alert),
    whereOf(alert),
  ]);
  return table([heading, ...rows], { width });
}

/** The receiver, or the source that a condition is about. */
export function subjectOf(alert: Alert): string {
  if (alert.kind !== 'egress') return alert.source === undefined ? '-' : `source ${alert.source}`;
  return alert.receiver.host ?? alert.receiver.ip ?? '-';
}

function whereOf(alert: Alert): string {
  if (alert.kind !== 'egress') return '-';
  const { country, standing } = alert.receiver;
  return country === undefined ? standing : `${country} (${standing})`;
}

export function severityCell(severity: Severity, paint: Paint): Cell {
  switch (severity) {
    case 'critical':
    case 'high':
      return { text: severity, paint: paint.bad };
    case 'medium':
      return { text: severity, paint: paint.doubt };
    case 'low':
    case 'info':
      return severity;
    default:
      return severity satisfies never;
  }
}

interface Shown {
  readonly alert: Alert;
  readonly times: AlertTimes;
  readonly findings: readonly Finding[];
  readonly deliveries: readonly Delivery[];
  readonly handling: readonly KeptAct[];
}

/** One alert as sinks show it, and the latest of what belongs to it. */
export function alertText(
  { alert, times, findings, deliveries, handling }: Shown,
  screen: Screen,
  colour: boolean,
): string {
  const { paint, width, listWidth } = screen;
  const list = (title: string, heading: readonly string[], rows: readonly (readonly Cell[])[]) => {
    const hidden = rows.length - MOST_ROWS;
    const more = hidden > 0 ? `, the latest ${MOST_ROWS}; --json has all` : '';
    const lines = table([heading, ...rows.slice(-MOST_ROWS)], { width: listWidth, indent: 2 });
    return `${paint.heading(title)}  ${count(rows.length)}${more}\n${lines}`;
  };
  const findingRows = findings.map(({ timeMs, claim, bytes, activity, id }) => [
    seconds(timeMs),
    claim,
    bytes === undefined ? '-' : count(bytes),
    id,
    activity.url ?? activity.path ?? activity.account ?? '-',
  ]);
  const deliveryRows = deliveries.map(({ eventId, sink, outcome, because, createdMs, settledMs }) => [
    // An event's id begins with that of its alert.
    eventId.slice(alert.id.length + 1),
    sink,
    seconds(settledMs ?? createdMs),
    { text: because === undefined ? outcome : `${outcome}: ${because}`, paint: outcomePaint(outcome, paint) },
  ]);
  const handlingRows = handling.map(({ act, ledgerSeq }) => [
    seconds(act.atMs),
    act.kind === 'closed' ? `closed as ${act.disposition}` : act.kind,
    act.by === act.account ? act.by : `${act.by} (${act.account})`,
    ledgerSeq === undefined ? 'waits' : `${ledgerSeq}`,
    act.reason ?? '-',
  ]);
  return [
    encodeForTerminal(alert, { width, colour }),
    timesText(times, screen),
    alert.kind !== 'egress' ? '' : list('findings', ['time (UTC)', 'proved', 'bytes', 'finding', 'what'], findingRows),
    list('deliveries', ['notice', 'sink', 'since (UTC)', 'outcome'], deliveryRows),
    handling.length === 0 ? '' : list('handling', ['time (UTC)', 'what', 'who', 'ledger', 'why'], handlingRows),
  ].join('');
}

/** Apart from each other, for a period may count from any of them. */
function timesText({ created, delivered, acknowledged, closed }: AlertTimes, { paint, listWidth }: Screen): string {
  const rows = [
    ['created', inSeconds(created)],
    ...Object.entries(delivered).map(([sink, time]) => [`delivered to ${sink}`, inSeconds(time)]),
    ['acknowledged', acknowledged === undefined ? 'not yet' : inSeconds(acknowledged)],
    ...(closed === undefined ? [] : [['closed by hand', inSeconds(closed)]]),
  ];
  return `${paint.heading('times by our clock')}  UTC\n${table(rows, { width: listWidth, indent: 2 })}`;
}

function inSeconds(iso: string): string {
  return seconds(Date.parse(iso));
}

function outcomePaint(outcome: Delivery['outcome'], paint: Paint): (text: string) => string {
  switch (outcome) {
    case 'delivered':
      return paint.good;
    case 'waiting':
      return paint.doubt;
    case 'refused':
    case 'dropped':
      return paint.bad;
    default:
      return outcome satisfies never;
  }
}

/** Of a list within an alert; one alert can have many thousand findings. */
const MOST_ROWS = 20;

/** `2026-11-23 12:41`. */
export function minutes(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
