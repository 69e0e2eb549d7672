import type { Finding } from '../rules/finding.ts';
import { EMPTY_LEDGER, factsSha256, type LedgerEntry, type LedgerHead, nextEntry } from './ledger.ts';

/** What verification found. `seq` is the first record that cannot be trusted. */
export type ChainVerdict =
  | { readonly kind: 'intact'; readonly head: LedgerHead }
  | { readonly kind: 'broken'; readonly seq: number; readonly because: string };

/** A ledger entry and the finding that is kept for it. */
export interface KeptEntry {
  readonly entry: LedgerEntry;
  /** Absent for a change of configuration, and for a finding that is gone. */
  readonly finding?: Finding;
}

/**
 * Recomputes a chain from its beginning. A chain alone cannot show that its end was cut off: `anchors` are places that
 * were written down elsewhere (every alert carries one, and so does every copy of it in a SIEM), and each must be met.
 */
export function verifyChain(entries: Iterable<LedgerEntry>, anchors: Iterable<LedgerHead> = []): ChainVerdict {
  const unmet = new Map<number, Set<string>>();
  for (const { seq, hash } of anchors) unmet.set(seq, (unmet.get(seq) ?? new Set()).add(hash));

  let head = EMPTY_LEDGER;
  for (const entry of entries) {
    const expected = nextEntry(head, entry.record);
    if (entry.seq !== expected.seq) {
      return broken(expected.seq, `record ${expected.seq} is missing; record ${entry.seq} stands in its place`);
    }
    if (entry.hash !== expected.hash) {
      return broken(entry.seq, 'the hash does not follow from the record and the hash before it');
    }
    const anchored = unmet.get(entry.seq);
    if (anchored !== undefined && (anchored.size > 1 || !anchored.has(entry.hash))) {
      return broken(entry.seq, 'an alert was issued with another hash for this record');
    }
    unmet.delete(entry.seq);
    head = { seq: entry.seq, hash: entry.hash };
  }
  const [beyond] = [...unmet.keys()].sort((one, other) => one - other);
  if (beyond === undefined) return { kind: 'intact', head };
  return broken(beyond, `an alert was issued with record ${beyond}, but the ledger ends at ${head.seq}`);
}

/** Verifies the chain, and that each finding kept is the one that was recorded. Reads the entries once. */
export function verifyLedger(kept: Iterable<KeptEntry>, anchors: Iterable<LedgerHead>): ChainVerdict {
  let fault: ChainVerdict | undefined;
  const verdict = verifyChain(entriesUntilFault(), anchors);
  return fault ?? verdict;

  /** Asked for an entry only when all before it were sound, so a fault is the first. */
  function* entriesUntilFault(): Generator<LedgerEntry> {
    for (const { entry, finding } of kept) {
      fault = faultOf(entry, finding);
      if (fault !== undefined) return;
      yield entry;
    }
  }
}

function faultOf({ seq, record }: LedgerEntry, finding: Finding | undefined): ChainVerdict | undefined {
  if (record.kind !== 'finding') return undefined;
  if (finding === undefined) return broken(seq, 'the finding that was recorded is gone');
  return factsSha256(finding) === record.factsSha256
    ? undefined
    : broken(seq, 'the finding differs from the one recorded');
}

function broken(seq: number, because: string): ChainVerdict {
  return { kind: 'broken', seq, because };
}
