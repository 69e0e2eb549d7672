import type { Facts, SourceFacts } from '../../src/conditions/facts.ts';
import type { ConditionsSettings } from '../../src/conditions/settings.ts';
import type { Gap } from '../../src/coverage/gap.ts';
import { EMPTY_WINDOW } from '../../src/coverage/reading-window.ts';

export const NOW = Date.UTC(2026, 10, 25, 14, 0, 0);
export const MINUTE = 60_000;
export const DAY = 86_400_000;

export const SETTINGS: ConditionsSettings = {
  'source-silent': { enabled: true },
  'coverage-gap': { enabled: true, shortestMs: MINUTE },
  'format-mismatch': { enabled: true, share: 0.5, leastLines: 20 },
  'geo-database-stale': { enabled: true },
  'vendor-endpoint-moved': { enabled: true },
  'alerts-refused': { enabled: true },
  'sink-failing': { enabled: true, afterMs: 5 * MINUTE },
  'known-answer-missing': { enabled: true },
};

/** A source with which all is well: its window holds enough lines, all of them read. */
export function source(differences: Partial<SourceFacts> = {}): SourceFacts {
  return {
    name: 'squid',
    format: 'squid',
    timezone: 'UTC',
    silenceMs: 30 * MINUTE,
    quietMs: 0,
    hasSpoken: true,
    gaps: [],
    window: { ...EMPTY_WINDOW, buckets: [{ parsed: 100, unreadable: 0 }] },
    ...differences,
  };
}

export function facts(...sources: readonly SourceFacts[]): Facts {
  return { nowMs: NOW, closeAfterMs: DAY, sources, staleFiles: [], endpoints: [], sinks: [] };
}

/** Ended a minute ago, after two minutes. */
export function gap(kind: Gap['kind'], differences: Partial<Gap> = {}): Gap {
  return {
    id: `${kind} 1`,
    source: 'squid',
    kind,
    fromMs: NOW - 3 * MINUTE,
    untilMs: NOW - MINUTE,
    lasts: false,
    unwatched: true,
    count: 1,
    ...differences,
  };
}
