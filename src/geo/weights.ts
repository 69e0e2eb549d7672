/** How much a database's word counts, 0 (listed, not counted) to 1, by file name or `database_type`. */
export type Weights = Readonly<Record<string, number>>;

/** Why a kind of database counts for less. */
interface Default {
  readonly match: RegExp;
  readonly weight: number;
  readonly because: string;
}

const FULL = 1;

const DEFAULTS: readonly Default[] = [
  {
    match: /whois|asn-country|iptoasn|delegated|registry/i,
    weight: 0.5,
    because: 'made of registry data: where a block is registered, which for a company with branches is its head office',
  },
];

/** The operator's weight for a database, else that of its kind. */
export function weightOf(name: string, edition: string, weights: Weights): number {
  const configured = weights[name] ?? weights[edition];
  if (configured !== undefined) return configured;
  return DEFAULTS.find(({ match }) => match.test(name) || match.test(edition))?.weight ?? FULL;
}

/** For whoever is told the default: what counts for less, and why. */
export const WEIGHTS_EXPLAINED = DEFAULTS.map(
  ({ match, weight, because }) => `${weight} for names with ${match.source.replaceAll('|', ', ')} (${because})`,
).join('; ');
