import { heartbeatId, nextHeartbeat } from '../alerts/heartbeat.ts';
import type { SourceFacts } from '../conditions/facts.ts';
import type { Settings } from '../config/settings.ts';
import type { LedgerHead } from '../evidence/ledger.ts';
import { isForPrograms } from '../sinks/audience.ts';
import type { CommitBatch, SourceCounts } from '../store/batch.ts';
import type { Store } from '../store/store.ts';
import { toStore } from './memory.ts';

export interface HeartContext {
  readonly nowMs: number;
  readonly ledger: LedgerHead;
  /** The sources that are watched. */
  readonly sources: readonly SourceFacts[];
}

/** What there is to store of the next heartbeat. */
export function beat(
  { agent, sinks }: Pick<Settings, 'agent' | 'sinks'>,
  store: Pick<Store, 'trackedAlert' | 'sourceCounts'>,
  { nowMs, ledger, sources }: HeartContext,
): CommitBatch {
  const { name: gateway } = agent;
  const before = store.trackedAlert(heartbeatId(gateway));
  const counts = new Map(store.sourceCounts().map((it) => [it.source, it]));
  const beats = sources.map(({ name, quietMs }) => {
    const { source: _, ...counted } = counts.get(name) ?? nothingYet(name);
    return { name, ...counted, quietSeconds: Math.floor(quietMs / 1_000) };
  });
  const lastNumber = before?.alert.count ?? 0;
  const alert = nextHeartbeat(beats, { gateway, nowMs, lastNumber, ledger });
  const told = { count: alert.count, severity: alert.severity, atMs: nowMs };
  const tracked = { alert, told, openedMs: before?.openedMs ?? nowMs, touchedMs: nowMs };
  const notices = [{ kind: 'opened', because: 'first', alert }] as const;
  return toStore({ alerts: [tracked], notices }, sinks.filter(isForPrograms));
}

function nothingYet(source: string): SourceCounts {
  return { source, lines: 0, parsed: 0, skipped: 0, unreadable: 0, cut: 0 };
}
