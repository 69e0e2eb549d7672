import { type Country, country } from '../net/country.ts';
import type { Territory } from '../vendors/vendor.ts';

/** Territories of the United States that have codes of their own; databases answer with those, not with US. */
const US_TERRITORIES = ['PR', 'GU', 'VI', 'AS', 'MP', 'UM'] as const;

/**
 * The territories that need no declaration.
 * `us`: the states and DC. `us-and-territories`: what HIPAA calls a State (45 CFR 160.103), and the Minor Outlying
 * Islands. `us-territories-canada`: what Florida allows (section 408.051(3), Florida Statutes).
 */
export const TERRITORIES: readonly Territory[] = [
  territory('us', ['US']),
  territory('us-and-territories', ['US', ...US_TERRITORIES]),
  territory('us-territories-canada', ['US', ...US_TERRITORIES, 'CA']),
];

function territory(name: string, codes: readonly string[]): Territory {
  return { name, countries: new Set(codes.map(assigned)) };
}

function assigned(code: string): Country {
  const known = country(code);
  if (known === undefined) throw new Error(`${code} is no ISO 3166-1 code`);
  return known;
}
