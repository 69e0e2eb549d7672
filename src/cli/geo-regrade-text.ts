import type { Regraded } from '../agent/regrade.ts';
import { isPass } from '../evidence/regrade.ts';
import { describeLocation, type Location } from '../geo/location.ts';
import type { ResidencyVerdict } from '../geo/residency.ts';
import { counted, type Screen } from './io.ts';
import { prose, table } from './layout.ts';

/** Flips of one receiver from one place and verdict to another. */
interface Group {
  readonly who: string;
  readonly from: ResidencyVerdict;
  readonly to: ResidencyVerdict;
  readonly before: string;
  readonly after: string;
  readonly by: string;
  findings: number;
  firstMs: number;
  lastMs: number;
}

/** What regrading comes to, added up finding by finding. */
export class RegradeTally {
  findings = 0;
  same = 0;
  moved = 0;
  flips = 0;
  readonly cannot = new Map<string, number>();
  readonly #groups = new Map<string, Group>();

  add({ finding, regrade }: Regraded): void {
    this.findings += 1;
    if (regrade.kind === 'same') this.same += 1;
    if (regrade.kind === 'moved') this.moved += 1;
    if (regrade.kind === 'cannot') this.cannot.set(regrade.because, (this.cannot.get(regrade.because) ?? 0) + 1);
    if (regrade.kind !== 'flips') return;
    this.flips += 1;
    const { vendor, activity, residency: from, timeMs, location } = finding;
    const { to, by, after } = regrade;
    const who = `${vendor?.id ?? activity.receiver.host ?? 'unregistered'} at ${activity.receiver.ip}`;
    const group = { who, from, to, before: placeAndStanding(location), after: placeAndStanding(after), by };
    const key = JSON.stringify(group);
    const known = this.#groups.get(key);
    if (known === undefined) this.#groups.set(key, { ...group, findings: 1, firstMs: timeMs, lastMs: timeMs });
    else {
      known.findings += 1;
      known.firstMs = Math.min(known.firstMs, timeMs);
      known.lastMs = Math.max(known.lastMs, timeMs);
    }
  }

  /** The gravest first: what would become a finding's opposite, then by number. */
  get groups(): readonly Group[] {
    return [...this.#groups.values()].sort(
      (one, other) => Number(isPass(other.to)) - Number(isPass(one.to)) || other.findings - one.findings,
    );
  }
}

export function regradeText(tally: RegradeTally, { paint, listWidth, width }: Screen): string {
  const { findings, flips, moved, same, cannot, groups } = tally;
  const rows = groups.map(({ who, from, to, before, after, by, findings: number, firstMs, lastMs }) => [
    who,
    `${from} -> ${to}`,
    before === after ? before : `${before} -> ${after}`,
    by,
    String(number),
    dayOf(firstMs) === dayOf(lastMs) ? dayOf(firstMs) : `${dayOf(firstMs)} to ${dayOf(lastMs)}`,
  ]);
  const head = ['receiver', 'verdict', 'place', 'by', 'findings', 'when'];
  const list = rows.length === 0 ? '' : table([head, ...rows], { width: listWidth });
  const flipped =
    flips === 0 ? paint.good('no verdict would flip') : paint.doubt(`${counted(flips, 'verdict')} would flip`);
  const sum = `${counted(findings, 'finding')}: ${flipped}, ${moved} at another place under the same verdict, ${same} as they were\n`;
  const impossible = [...cannot].map(([because, number]) =>
    prose(`${counted(number, 'finding')} cannot be judged again: ${because}`, { width }),
  );
  return list + sum + impossible.join('');
}

/** One finding that is not as it was, for tools. */
export function regradeJson({ finding, regrade }: Regraded): string {
  if (regrade.kind === 'same') return '';
  const { id, rule, timeMs, vendor, activity, residency, location } = finding;
  return `${JSON.stringify({
    finding: id,
    outcome: regrade.kind,
    rule,
    time: new Date(timeMs).toISOString(),
    ...(vendor !== undefined && { vendor: vendor.id }),
    ...(activity.receiver.ip !== undefined && { address: activity.receiver.ip }),
    before: { verdict: residency, location },
    ...(regrade.kind === 'cannot' && { because: regrade.because }),
    ...(regrade.kind === 'moved' && { after: { verdict: residency, location: regrade.after } }),
    ...(regrade.kind === 'flips' && { by: regrade.by, after: { verdict: regrade.to, location: regrade.after } }),
  })}\n`;
}

function placeAndStanding(location: Location): string {
  const place = describeLocation(location);
  return place === location.standing ? place : `${place} (${location.standing})`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
