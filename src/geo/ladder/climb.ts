import type { Address } from '../net/address.ts';
import type { Country } from '../net/country.ts';
import { contains } from '../net/network.ts';
import { type SpecialPurpose, specialPurposeOf } from '../net/special-purpose.ts';
import type { Answer, Database } from './database.ts';
import type { Evidence, Location } from './location.ts';

export interface LadderSettings {
  /** Only those that tell a country, in the order in which they are to stand in the evidence. */
  readonly databases: readonly Database[];
  readonly usMilitaryAbroad: boolean;
}

/**
 * Locates one address by what is known about it: its special purpose, then what the databases say. Each rung gives its
 * evidence; the first that can tell ends the climb.
 */
export function climb(address: Address, settings: LadderSettings): Location {
  const subject = inquire(address, settings);
  const evidence: Evidence[] = [];
  for (const rung of LADDER) {
    const { evidence: added, verdict } = rung(subject);
    evidence.push(...added);
    if (verdict !== undefined) return { ...verdict, address: address.text, evidence };
  }
  return { standing: 'unknown', address: address.text, evidence };
}

/** A location without its proof. */
type Verdict =
  | { readonly standing: 'likely'; readonly country: Country }
  | { readonly standing: 'disputed'; readonly countries: readonly [Country, Country, ...Country[]] }
  | { readonly standing: 'edge' | 'unknown' | 'internal' };

interface Rung {
  readonly evidence: readonly Evidence[];
  readonly verdict?: Verdict;
}

interface Subject {
  readonly special?: SpecialPurpose;
  readonly answers: readonly Answer[];
  readonly usMilitaryAbroad: boolean;
}

const LADDER: readonly ((subject: Subject) => Rung)[] = [
  bySpecialPurpose,
  byAnycast,
  noteMilitary,
  byCountries,
  byHavingNoAnswer,
];

function inquire(address: Address, { databases, usMilitaryAbroad }: LadderSettings): Subject {
  const special = specialPurposeOf(address);
  if (special === undefined) return { answers: databases.map(({ ask }) => ask(address)), usMilitaryAbroad };
  return { special, answers: askOperators(address, special, databases), usMilitaryAbroad };
}

/**
 * Nobody but the operator can know where an internal address is, say that of a vendor behind a site-to-site VPN. So an
 * operator's own database is believed if it has an entry for a network inside the block.
 */
function askOperators(address: Address, special: SpecialPurpose, databases: readonly Database[]): readonly Answer[] {
  if (special.use !== 'internal') return [];
  return databases
    .filter(({ info }) => info.origin === 'operator')
    .map(({ ask }) => ask(address))
    .filter(({ network }) => network !== undefined && contains(special.network, network));
}

function bySpecialPurpose({ special, answers }: Subject): Rung {
  const asked = answers.map(({ evidence }) => evidence);
  if (special === undefined) return { evidence: asked };
  const { network, name, source, use } = special;
  const registry = `IANA ${network.family === 4 ? 'IPv4' : 'IPv6'} special-purpose registry`;
  const found: Evidence = {
    step: 'special-purpose',
    source: registry,
    network: network.text,
    said: `${name} (${source})`,
  };
  const standing = { internal: undefined, anycast: 'edge', untold: 'unknown' } as const;
  const told = standing[use];
  return { evidence: [found, ...asked], ...(told !== undefined && { verdict: { standing: told } }) };
}

/** The country of an anycast address is that of an office: the address is served from many places. */
function byAnycast({ answers }: Subject): Rung {
  const told = answers.filter(({ anycast }) => anycast);
  if (told.length === 0) return NOTHING;
  const evidence = told.map(({ database }): Evidence => ({ step: 'anycast', source: database.name, said: 'anycast' }));
  return { evidence, verdict: { standing: 'edge' } };
}

/** Says what is made of a US base; `placeOf` makes it. */
function noteMilitary({ answers, usMilitaryAbroad }: Subject): Rung {
  const said = usMilitaryAbroad
    ? 'US military base: counts as US'
    : 'US military base: not counted as US (residency.us-military-abroad)';
  const evidence = answers
    .filter(({ usMilitary }) => usMilitary)
    .map(({ database }): Evidence => ({ step: 'represented-country', source: database.name, said }));
  return { evidence };
}

/** One country from all databases that know one is likely; several are disputed. */
function byCountries(subject: Subject): Rung {
  const [first, second, ...others] = distinctCountries(subject);
  if (first === undefined) return NOTHING;
  if (second === undefined) return { evidence: [], verdict: { standing: 'likely', country: first } };
  return { evidence: [], verdict: { standing: 'disputed', countries: [first, second, ...others] } };
}

function byHavingNoAnswer({ special }: Subject): Rung {
  return { evidence: [], verdict: { standing: special?.use === 'internal' ? 'internal' : 'unknown' } };
}

const NOTHING: Rung = { evidence: [] };

/**
 * In the order of the databases. Where one of them says that a US base is there, every answer that names the base's
 * place is read as US: the others tell the same place, they only do not know who is in it.
 */
function distinctCountries({ answers, usMilitaryAbroad }: Subject): readonly Country[] {
  const bases = new Set(usMilitaryAbroad ? answers.filter((it) => it.usMilitary).map((it) => it.country) : []);
  const countries = answers.flatMap(({ country, usMilitary }) => {
    if (usMilitaryAbroad && usMilitary) return [US];
    if (country === undefined) return [];
    return [bases.has(country) ? US : country];
  });
  return [...new Set(countries)];
}

const US = 'US' as Country;
