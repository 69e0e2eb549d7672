import type { LineReader, ReadContext, Reading } from '../formats/format.ts';
import type { LogRecord } from '../formats/record.ts';
import type { Location } from '../geo/location.ts';
import type { Locator } from '../geo/locator.ts';
import { inferLocation } from '../geo/names/inferred.ts';
import type { Names } from '../geo/names/name-cache.ts';
import { judgeResidency, type Residency, type ResidencySettings } from '../geo/residency.ts';
import type { Sighting } from '../geo/sighting.ts';
import type { Assessment } from '../phi/assessment.ts';
import type { Classifier } from '../phi/classify.ts';
import type { Masker } from '../phi/masking.ts';
import type { Finding } from '../rules/finding.ts';
import { type Judgement, judge } from '../rules/judge.ts';
import type { RulesSettings } from '../rules/settings.ts';
import type { Line } from '../sources/line.ts';
import type { InsideSide } from '../sources/settings.ts';
import { toActivities } from '../transfers/activities.ts';
import type { Sessions } from '../transfers/sessions.ts';
import type { Activity } from '../transfers/transfer.ts';
import type { VendorMatch, VendorRegistry } from '../vendors/registry.ts';
import type { Exception } from '../vendors/vendor.ts';
import type { FileHeaders } from './file-headers.ts';

/** The stages of one source, made once from the configuration. */
export interface Stages {
  readonly read: LineReader;
  readonly inside: InsideSide;
  readonly registry: VendorRegistry;
  readonly exceptions: readonly Exception[];
  readonly locator: Locator;
  /** What names are known to answer; absent: a name tells no place. The one thing here that time changes. */
  readonly names?: Names;
  readonly residency: ResidencySettings;
  readonly classifier: Classifier;
  readonly masker: Masker;
  readonly rules: RulesSettings;
}

/** What must be known of the lines before: bounded, and saved in the transaction that saves the read positions. */
export interface LineMemory {
  readonly sessions: Sessions;
  readonly headers: FileHeaders;
}

/** Where an activity ended: at the gate, which turns away almost all of a busy gateway's lines, or before the rules. */
export type ActivityTrace = {
  readonly activity: Activity;
  readonly vendor?: VendorMatch;
  readonly location: Location;
  readonly residency: Residency;
} & (
  | { readonly kind: 'of-no-interest'; readonly because: string }
  | { readonly kind: 'judged'; readonly assessment: Assessment; readonly judgements: readonly Judgement[] }
);

/** Every step that a line took, kept because `explain` prints it. */
export type Trace =
  | { readonly kind: 'no-record'; readonly reading: Exclude<Reading, { kind: 'record' }> }
  | { readonly kind: 'record'; readonly record: LogRecord; readonly activities: readonly ActivityTrace[] };

/** Takes one line through all stages. Only `memory` changes: no clock, no file, no network. */
export function inspect(line: Line, stages: Stages, { sessions, headers }: LineMemory): Trace {
  const reading = stages.read(line.text, contextOf(line, headers));
  if (reading.kind !== 'record') {
    if (reading.kind === 'skipped' && reading.fileHeader !== undefined) {
      headers.set(line.source, line.place.file, reading.fileHeader, line.writtenBeforeMs);
    }
    return { kind: 'no-record', reading };
  }
  const { record } = reading;
  const activities = toActivities({ line, record }, stages.inside, sessions);
  return { kind: 'record', record, activities: activities.map((activity) => follow(activity, stages)) };
}

function contextOf({ source, place, writtenBeforeMs }: Line, headers: FileHeaders): ReadContext {
  const fileHeader = headers.of(source, place.file);
  return fileHeader === undefined ? { writtenBeforeMs } : { writtenBeforeMs, fileHeader };
}

/** The findings of a trace, in the order of the rules. */
export function findingsOf(trace: Trace): readonly Finding[] {
  const findings: Finding[] = [];
  if (trace.kind !== 'record') return findings;
  for (const activity of trace.activities) {
    if (activity.kind !== 'judged') continue;
    for (const { finding } of activity.judgements) if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function follow(activity: Activity, stages: Stages): ActivityTrace {
  const vendor = stages.registry.match(activity);
  const location = locate(activity, stages);
  const residency = judgeResidency(location, activity, vendor?.vendor, stages.exceptions, stages.residency);
  const because = whyOfNoInterest(residency);
  if (because !== undefined)
    return withVendor({ kind: 'of-no-interest', activity, location, residency, because }, vendor);

  const phi = stages.classifier(activity, vendor?.vendor);
  const assessment: Assessment = withVendor({ activity, location, residency, phi }, vendor);
  // Found by its endpoint, a vendor says nothing about whose the account is.
  const accountIsVendors = vendor?.by === 'account' || vendor?.by === 'key';
  const mask = () => stages.masker.maskActivity(activity, { accountIsVendors });
  const judgements = judge(assessment, mask, stages.rules);
  return withVendor({ kind: 'judged', activity, location, residency, assessment, judgements }, vendor);
}

/** Copies for a vendor's lines only: for all the others that would take longer than every step before it. */
function withVendor<T extends object>(
  found: T,
  vendor: VendorMatch | undefined,
): T & { readonly vendor?: VendorMatch } {
  return vendor === undefined ? found : { ...found, vendor };
}

function locate(activity: Activity, { locator, names }: Stages): Location {
  const { ip, host } = activity.receiver;
  if (ip !== undefined) return locator.locate(ip, activity.timeMs, sightingOf(activity));
  const reason = activity.kind === 'transfer' ? activity.addressMissing : undefined;
  const missing = reason ?? 'the log does not tell an address';
  if (names === undefined || host === undefined)
    return { standing: 'unknown', evidence: [{ step: 'log', source: 'log', said: missing }] };
  return inferLocation(names.find(host, activity.timeMs), locator, { host, atMs: activity.timeMs, missing });
}

/** A sighting for each line of a busy proxy would be made for nothing: most have neither. */
function sightingOf(activity: Activity): Sighting | undefined {
  const { host } = activity.receiver;
  const connectMs = activity.kind === 'transfer' ? activity.connectMs : undefined;
  if (connectMs === undefined) return host === undefined ? undefined : { host };
  return { connectMs, ...(host !== undefined && { host }) };
}

/** The gate: where the data stayed where it may be, nothing else can matter. */
function whyOfNoInterest({ verdict }: Residency): string | undefined {
  switch (verdict) {
    case 'home':
      return 'the receiver is held to be in the United States';
    case 'permitted':
      return 'the receiver is where its agreement permits';
    case 'not-public':
      return 'the receiver is on an internal address';
    case 'outside':
    case 'concern':
    case 'undetermined':
      return undefined;
    default:
      return verdict satisfies never;
  }
}
