import type { Gap, GapKind } from '../coverage/gap.ts';
import { type Severity, worse } from '../rules/severity.ts';
import type { ConditionVerdict } from './evaluate.ts';
import type { Facts, SourceFacts } from './facts.ts';
import type { ConditionsSettings } from './settings.ts';
import { countInWords, durationInWords, instantInWords } from './words.ts';

/** Gaps in which nothing is lost but time: a short one is no news. */
const TIMED: ReadonlySet<GapKind> = new Set(['downtime', 'unreadable', 'clock-forward', 'clock-backward']);

/** One that lasts holds until it is over; any other until none has come for as long as alerts stay open. */
export function coverageGap(
  { name, gaps }: SourceFacts,
  { nowMs, closeAfterMs }: Facts,
  { 'coverage-gap': { shortestMs } }: ConditionsSettings,
): ConditionVerdict {
  const lengthOf = ({ lasts, fromMs, untilMs }: Gap) => (lasts ? nowMs : untilMs) - fromMs;
  const told = gaps.filter((gap) => {
    if (TIMED.has(gap.kind) && lengthOf(gap) < shortestMs) return false;
    // What could not be read for a while was read afterwards: mended, unless it shows among the other gaps.
    if (gap.kind === 'unreadable' && !gap.unwatched) return false;
    return gap.lasts || nowMs - gap.untilMs < closeAfterMs;
  });
  if (told.length === 0) return undefined;
  const isLasting = told.some(({ lasts }) => lasts);
  return {
    id: 'coverage-gap',
    subject: name,
    source: name,
    severity: told.map(({ kind }) => SEVERITY[kind]).reduce(worse),
    sinceMs: Math.min(...told.map(({ fromMs }) => fromMs)),
    lastMs: isLasting ? nowMs : Math.max(...told.map(({ untilMs }) => untilMs)),
    count: told.reduce((sum, { count }) => sum + count, 0),
    words: () => ({
      title: isLasting ? `Source ${name} cannot be watched` : `Something of source ${name} may not have been seen`,
      explanation:
        `${kindsIn(told)
          .map((kind) => describe(kind, told))
          .join(' ')} ` +
        "A vendor's data may have passed there unseen: for that time, no alert about this source does not mean that nothing left.",
      nextSteps: [
        ...new Set(kindsIn(told).map((kind) => REMEDIES[kind])),
        `Look for the missing time in what the product keeps by itself, archives above all, and take it through phi-egress replay --source ${name}.`,
        `See phi-egress coverage --source ${name} for every gap; note it for the evidence of that time.`,
      ],
    }),
  };
}

/** The gravest first. */
function kindsIn(gaps: readonly Gap[]): readonly GapKind[] {
  return [...new Set(gaps.map(({ kind }) => kind))].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other));
}

/** A sentence about all gaps of one kind. */
function describe(kind: GapKind, gaps: readonly Gap[]): string {
  const own = gaps.filter((it) => it.kind === kind);
  const fromMs = Math.min(...own.map((it) => it.fromMs));
  const untilMs = Math.max(...own.map((it) => it.untilMs));
  const count = own.reduce((sum, it) => sum + it.count, 0);
  const [first] = own;
  const at = first?.path === undefined ? '' : ` (${count > 1 ? 'first ' : ''}${placeOf(first)})`;
  const since = instantInWords(fromMs);
  const when = fromMs === untilMs ? `at ${since}` : `between ${since} and ${instantInWords(untilMs)}`;
  const times = count === 1 ? 'once' : `${count.toLocaleString('en-US')} times`;
  switch (kind) {
    case 'downtime':
      return `The agent did not run for ${durationInWords(untilMs - fromMs)}, ${when}, and what came meanwhile cannot be had again.`;
    case 'truncated':
      return `A log was emptied ${times} ${when} without a copy of what had not been read${at}.`;
    case 'vanished':
      return `A log was gone ${times} ${when} before it had been rotated${at}; what was in it beyond that is lost.`;
    case 'line-cut':
      return `${countInWords(count, 'line')} longer than the limit ${count === 1 ? 'was' : 'were'} read in part ${when}${at}.`;
    case 'unreadable':
      return `${countInWords(count, 'path')} cannot be read since ${since}${at}.`;
    case 'journal-vacuumed':
      return `The journal was vacuumed ${when} before it had been read.`;
    case 'datagrams-lost':
      return `${countInWords(count, 'datagram')} did not arrive, ${when} (${LOST[first?.because ?? ''] ?? 'it is not known why'}).`;
    case 'clock-forward':
      return `The clock went forward by ${durationInWords(untilMs - fromMs)} at once, ${when}: it was set, or the machine slept.`;
    case 'clock-backward':
      return `The clock was set back by ${durationInWords(untilMs - fromMs)}: times ${when} were there twice.`;
    case 'state-reset':
      return `The stored state was damaged and a new one was begun at ${instantInWords(untilMs)}; what was written to the logs since ${since} may not have been judged.`;
    case 'position-reset':
      return `How far a log was read did not fit the log ${times} ${when}${at}, and was set anew.`;
    case 'sessions-lost':
      return `${countInWords(count, 'open session')} could not be unsealed ${when}; whose the files are that they close is not known.`;
    default:
      return kind satisfies never;
  }
}

function placeOf({ path, offset, because }: Gap): string {
  const byte = offset === undefined ? '' : ` at byte ${offset.toLocaleString('en-US')}`;
  return `${path}${byte}${because === undefined ? '' : `, ${because}`}`;
}

const LOST: Readonly<Record<string, string>> = {
  sequence: "the sender's numbering has holes",
  kernel: "the kernel's buffer was full",
  buffer: 'our buffer was full',
};

const SEVERITY: Readonly<Record<GapKind, Severity>> = {
  'state-reset': 'high',
  unreadable: 'high',
  downtime: 'medium',
  truncated: 'medium',
  vanished: 'medium',
  'journal-vacuumed': 'medium',
  'datagrams-lost': 'medium',
  'position-reset': 'medium',
  'sessions-lost': 'medium',
  'line-cut': 'low',
  'clock-forward': 'low',
  'clock-backward': 'low',
};

const ORDER = Object.keys(SEVERITY);

const REMEDIES: Readonly<Record<GapKind, string>> = {
  'state-reset':
    'Find out why the state was damaged: look at the disk and the kernel log before you trust the machine again.',
  unreadable: 'Let the account that runs phi-egress read the path, for instance through the group of the file.',
  downtime: 'Let the sender queue while we are away: syslog over TCP or TLS with a disk queue on its side.',
  truncated: 'Rotate by renaming, or keep the copy that copytruncate makes uncompressed beside the log for a day.',
  vanished: 'Rotate the log instead of deleting it, and keep a rotated file for longer than the agent may be down.',
  'journal-vacuumed': 'Raise SystemMaxUse or MaxRetentionSec in journald.conf beyond the longest downtime.',
  'datagrams-lost': 'Send syslog over TCP or TLS, or raise net.core.rmem_max.',
  'position-reset': 'Find out what changed the log in place: a log is only ever appended to.',
  'sessions-lost': 'Look at the logins of that time by hand: phi-egress explain on the lines of the session.',
  'line-cut': 'See what writes lines of that length; what stands behind the limit of a line is not read.',
  'clock-forward': 'See whether the clock is kept by NTP, and whether the machine was suspended.',
  'clock-backward': 'See whether the clock is kept by NTP; times of findings from then are in doubt.',
};
