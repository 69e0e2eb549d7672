import { createHash } from 'node:crypto';
import type { Disposition } from '../alerts/disposition.ts';
import type { HandlingAct } from '../alerts/handling.ts';
import type { Finding, RuleId } from '../rules/finding.ts';
import type { Severity } from '../rules/severity.ts';
import { canonicalJson } from './canonical-json.ts';

/**
 * What the ledger holds of one event. No clock but in what people did: the same logs under the same configuration give
 * the same findings in the same order, so that they can be made again from archived logs by somebody who does not trust
 * ours.
 */
export type LedgerRecord =
  | {
      readonly kind: 'finding';
      readonly id: string;
      readonly rule: RuleId;
      readonly ruleVersion: number;
      /** ISO 8601 UTC, from the log. */
      readonly time: string;
      readonly severity: Severity;
      /** SHA-256 of the whole finding in canonical JSON, hex. A finding holds masked facts only. */
      readonly factsSha256: string;
    }
  | {
      /** The first record of a ledger that was begun in place of a damaged one. */
      readonly kind: 'state-reset';
      /** What was wrong with it. */
      readonly because: string;
      /** Name of the damaged database, kept beside this one. */
      readonly movedTo: string;
      /** Where the damaged ledger ended; absent when that could not be read. */
      readonly follows?: LedgerHead;
    }
  | {
      /** What somebody did about an alert. */
      readonly kind: 'handling';
      readonly alert: string;
      /** Findings that the alert held when it was done; those that came later were not judged. */
      readonly findings: number;
      readonly act: HandlingAct['kind'];
      readonly disposition?: Disposition;
      readonly reason?: string;
      readonly by: string;
      readonly account: string;
      /** ISO 8601 UTC, by our clock. */
      readonly time: string;
    }
  | {
      readonly kind: 'configuration';
      /** SHA-256 of every configuration file, hex. */
      readonly sha256: string;
      readonly programVersion: string;
    };

/** Where a chain stands: the number of its last record and that record's hash (hex). */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
}

export interface LedgerEntry extends LedgerHead {
  readonly record: LedgerRecord;
}

/** Before the first record. */
export const EMPTY_LEDGER: LedgerHead = { seq: 0, hash: '0'.repeat(64) };

/** The next entry: h_n = SHA-256(h_(n-1) || canonical(record_n)), the hashes as 32 bytes, the JSON as UTF-8. */
export function nextEntry(head: LedgerHead, record: LedgerRecord): LedgerEntry {
  const hash = createHash('sha256').update(Buffer.from(head.hash, 'hex')).update(canonicalJson(record)).digest('hex');
  return { seq: head.seq + 1, hash, record };
}

/** The entries that continue a chain, one a record, in order. */
export function extend(head: LedgerHead, records: readonly LedgerRecord[]): readonly LedgerEntry[] {
  let last = head;
  return records.map((record) => {
    const entry = nextEntry(last, record);
    last = entry;
    return entry;
  });
}

export function findingRecord(finding: Finding): LedgerRecord {
  return {
    kind: 'finding',
    id: finding.id,
    rule: finding.rule,
    ruleVersion: finding.ruleVersion,
    time: new Date(finding.timeMs).toISOString(),
    severity: finding.severity,
    factsSha256: factsSha256(finding),
  };
}

/** @param findings that the alert holds. */
export function handlingRecord(act: HandlingAct, findings: number): LedgerRecord {
  const { alertId, kind, reason, by, account, atMs } = act;
  return {
    kind: 'handling',
    alert: alertId,
    findings,
    act: kind,
    ...(act.kind === 'closed' && { disposition: act.disposition }),
    ...(reason !== undefined && { reason }),
    by,
    account,
    time: new Date(atMs).toISOString(),
  };
}

/** @returns `undefined` when the chain's last word on the configuration says the same already. */
export function configurationChange(
  last: LedgerRecord | undefined,
  sha256: string,
  programVersion: string,
): LedgerRecord | undefined {
  const isSame = last?.kind === 'configuration' && last.sha256 === sha256 && last.programVersion === programVersion;
  return isSame ? undefined : { kind: 'configuration', sha256, programVersion };
}

/** SHA-256 (hex) of a finding in canonical JSON. */
export function factsSha256(finding: Finding): string {
  return createHash('sha256').update(canonicalJson(finding)).digest('hex');
}
