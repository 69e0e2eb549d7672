import type { Country } from '../net/country.ts';
import type { Evidence, Location } from './location.ts';
import type { Span } from './overrides.ts';

/** A database, or a file of address ranges. */
export interface Dated {
  readonly name: string;
  readonly edition: string;
  /** ms since the epoch; absent where the file does not tell. */
  readonly builtMs?: number;
}

export interface Stale {
  readonly name: string;
  readonly edition: string;
  readonly builtMs: number;
  /** Since when it has been too old, ms since the epoch. */
  readonly sinceMs: number;
}

/** From this age on data are reported as old, where the operator says nothing else. */
export const REPORTED_AFTER_MS = 45 * 86_400_000;

/** The files that are too old at a moment, the oldest first. Of one that does not tell its age, nothing can be said. */
export function staleFiles(files: readonly Dated[], staleAfterMs: number, nowMs: number): readonly Stale[] {
  return files
    .flatMap(({ name, edition, builtMs }): readonly Stale[] => {
      const sinceMs = (builtMs ?? Number.POSITIVE_INFINITY) + staleAfterMs;
      return builtMs === undefined || nowMs < sinceMs ? [] : [{ name, edition, builtMs, sinceMs }];
    })
    .sort((one, other) => one.builtMs - other.builtMs);
}

export interface Aging {
  readonly staleAfterMs: number;
  /** SHA-256 of the databases whose word on a country counts. */
  readonly counted: ReadonlySet<string>;
}

/**
 * What becomes of a location as its sources grow old. The moment is that of the log line, so that a replay gives what was
 * given then.
 *
 * **Old data may accuse; they cannot clear.** `certain` by a provider's ranges becomes `likely`. `likely` and `disputed`
 * become `unknown` once every database that names one of the countries is too old; the countries stay known as
 * `lastKnown`, and `judgeResidency` still finds somebody outside by them, but nobody at home. One current database
 * that agrees is enough to go on. A region in a host name is a claim, and does not count for that.
 */
export function agedSpans(spans: readonly Span[], aging: Aging): readonly Span[] {
  return spans.flatMap((span) => {
    const aged = ageOf(span.location, aging);
    if (aged === undefined || span.untilMs <= aged.fromMs) return [span];
    return [
      { untilMs: aged.fromMs, location: span.location },
      { untilMs: span.untilMs, location: aged.location },
    ];
  });
}

interface Aged {
  readonly fromMs: number;
  readonly location: Location;
}

function ageOf(location: Location, aging: Aging): Aged | undefined {
  switch (location.standing) {
    case 'certain':
      if (location.decidedBy !== 'cloud-range') return undefined;
      return lowered(location, latestOf(location.evidence.filter(isRange)), aging, {
        standing: 'likely',
        country: location.country,
      });
    case 'likely':
      return outlived(location, [location.country], aging);
    case 'disputed':
      return outlived(location, location.countries, aging);
    case 'edge':
    case 'unknown':
    case 'internal':
      return undefined;
    default:
      return location satisfies never;
  }
}

function outlived(location: Location, countries: readonly [Country, ...Country[]], aging: Aging): Aged | undefined {
  const counted = location.evidence.filter(
    ({ step, sha256 }) => step === 'database' && aging.counted.has(sha256 ?? ''),
  );
  const naming = counted.filter(({ said }) => countries.some((country) => said === country));
  // A base abroad counts as US, which no database need have said.
  const latestMs = latestOf(naming.length > 0 ? naming : counted);
  return lowered(location, latestMs, aging, { standing: 'unknown', lastKnown: countries });
}

type Lowered =
  | { readonly standing: 'likely'; readonly country: Country }
  | { readonly standing: 'unknown'; readonly lastKnown: readonly [Country, ...Country[]] };

function lowered(location: Location, latestMs: number | undefined, aging: Aging, to: Lowered): Aged | undefined {
  if (latestMs === undefined) return undefined;
  const fromMs = latestMs + aging.staleAfterMs;
  const { address, decidedBy } = location;
  const note: Evidence = {
    step: 'staleness',
    source: 'geo.stale-after',
    said: `the latest of it was built ${dayOf(latestMs)}, and is too old since ${dayOf(fromMs)}`,
  };
  const proof = {
    evidence: [...location.evidence, note],
    ...(address !== undefined && { address }),
    ...(decidedBy !== undefined && { decidedBy }),
  };
  return { fromMs, location: { ...to, ...proof } };
}

function isRange({ step }: Evidence): boolean {
  return step === 'cloud-range';
}

function latestOf(evidence: readonly Evidence[]): number | undefined {
  const built = evidence.flatMap(({ built }) => (built === undefined ? [] : [Date.parse(built)]));
  return built.length === 0 ? undefined : Math.max(...built);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
