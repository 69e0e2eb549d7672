import type { Country } from '../../net/country.ts';
import type { Network } from '../../net/network.ts';
import type { Evidence } from '../location.ts';
import type { Subject } from './subject.ts';

/** A location without its proof. */
export type Verdict =
  | { readonly standing: 'certain' | 'likely'; readonly country: Country }
  | { readonly standing: 'disputed'; readonly countries: readonly [Country, Country, ...Country[]] }
  /** `network`: all of it is an edge. What an operator says of a wider one was not said of the edge. */
  | { readonly standing: 'edge'; readonly network?: Network }
  | { readonly standing: 'unknown' | 'internal' };

/** What one step has to say. Without a verdict the next one decides. */
export interface Rung {
  readonly evidence: readonly Evidence[];
  readonly verdict?: Verdict;
}

export interface Step {
  /** What it is called where it decides. */
  readonly name: Evidence['step'];
  readonly take: (subject: Subject) => Rung;
}

export const NOTHING: Rung = { evidence: [] };

/** `likely` for one country, `disputed` for several. */
export function verdictOn(countries: readonly Country[]): Verdict | undefined {
  const [first, second, ...others] = new Set(countries);
  if (first === undefined) return undefined;
  if (second === undefined) return { standing: 'likely', country: first };
  return { standing: 'disputed', countries: [first, second, ...others] };
}
