import { createHash } from 'node:crypto';
import type { Assessment } from '../phi/assessment.ts';
import type { Activity } from '../transfers/transfer.ts';
import { RULES } from './catalogue.ts';
import { claimOf } from './claim.ts';
import type { Finding, MaskedActivity } from './finding.ts';
import { type Case, type Rule, type RuleVerdict, silent } from './rule.ts';
import type { RulesSettings } from './settings.ts';
import type { Severity } from './severity.ts';
import { dedupeKeyOf, permissionInWords } from './words.ts';

/** What each rule said, and why. */
export interface Judgement {
  readonly rule: Rule;
  readonly verdict: RuleVerdict;
  readonly finding?: Finding;
}

/** Holds one assessed activity against every rule. Masking is dear, so that `mask` is called only if a rule fires. */
export function judge(
  assessment: Assessment,
  mask: () => MaskedActivity,
  settings: RulesSettings,
): readonly Judgement[] {
  const subject = { assessment, claim: claimOf(assessment.activity) };
  let shown: Case | undefined;
  return RULES.map((rule) => {
    const own = settings.rules[rule.id];
    if (own?.enabled === false) return { rule, verdict: silent('the rule is turned off in the configuration') };
    const verdict = rule.judge(subject, settings);
    if (verdict.kind === 'silent') return { rule, verdict };
    shown ??= { ...subject, masked: mask() };
    return { rule, verdict, finding: toFinding(rule, shown, own?.severity ?? verdict.severity) };
  });
}

function toFinding(rule: Rule, subject: Case, severity: Severity): Finding {
  const { assessment, masked, claim } = subject;
  const { activity, vendor, location, residency, phi } = assessment;
  const bytes = activity.kind === 'transfer' ? activity.bytes : undefined;
  const contract = residency.permission.kind === 'terms' ? residency.permission.terms.reference : undefined;
  return {
    id: findingId(rule, activity),
    rule: rule.id,
    ruleVersion: rule.version,
    title: rule.title(subject),
    severity,
    claim,
    source: activity.source,
    timeMs: activity.timeMs,
    activity: masked,
    ...(bytes !== undefined && { bytes }),
    ...(vendor !== undefined && {
      vendor: {
        id: vendor.vendor.id,
        name: vendor.vendor.name,
        ...(contract !== undefined && { contract }),
        matched: `${vendor.by} ${vendor.entry}`,
      },
    }),
    location,
    residency: residency.verdict,
    permitted: permissionInWords(residency.permission),
    phi,
    dedupeKey: dedupeKeyOf(rule.id, subject),
    attack: rule.attack,
    explanation: rule.explain(subject),
    nextSteps: rule.nextSteps(subject),
  };
}

/**
 * `f-` and 24 hex digits. Rule, rule version, the place in the log and the time it tells decide it: replaying gives the
 * same. A place alone does not: logs that all begin with one fixed line are one file by that line, and the first record
 * stands at the same offset in each. No rule's version is raised for this, because no judgement has changed.
 */
function findingId({ id, version }: Rule, { source, place, timeMs, part }: Activity): string {
  const name = [id, version, source, place.file, place.offset, timeMs, part].join('\n');
  return `f-${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
}
