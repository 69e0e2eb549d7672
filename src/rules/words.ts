import { describeLocation, type Location } from '../geo/location.ts';
import type { Permission } from '../geo/residency.ts';
import { parseAddress } from '../net/address.ts';
import type { Country } from '../net/country.ts';
import { networkOf } from '../net/network.ts';
import type { PhiAssessment } from '../phi/indicator.ts';
import type { Case } from './rule.ts';

const COUNTRY_NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** `India (IN)`. */
export function countryName(code: Country): string {
  return `${COUNTRY_NAMES.of(code) ?? code} (${code})`;
}

/** As it stands within a sentence: `India (IN)`, `the Philippines (PH)`. */
export function theCountry(code: Country): string {
  return `${WITH_ARTICLE.has(code) ? 'the ' : ''}${countryName(code)}`;
}

/** Names that English gives an article. */
const WITH_ARTICLE: ReadonlySet<string> = new Set(
  'AE BS CD CF CG CK DO FK FO GB GM IM KM KY MH MP MV NL PH SB SC TC UM US VG VI'.split(' '),
);

/** `India (IN)`, `United States (US) or India (IN)`, `an unknown place`. */
export function whereabouts(location: Location): string {
  switch (location.standing) {
    case 'certain':
    case 'likely':
      return countryName(location.country);
    case 'disputed':
      return location.countries.map(countryName).join(' or ');
    case 'edge':
      return `an edge${inBrackets(decisive(location) ?? 'in many places, or hiding what is behind it')}`;
    case 'unknown':
      if (location.lastKnown === undefined) return 'a place that cannot be told';
      return `a place that cannot be told any more (${location.lastKnown.map(countryName).join(' or ')} by old data)`;
    case 'internal':
      return 'an internal address';
    default:
      return location satisfies never;
  }
}

/** `1,048,576 bytes (1.0 MiB)`. */
export function bytesInWords(bytes: number): string {
  const exact = `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`;
  if (bytes < 1024) return exact;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length);
  return `${exact} (${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]})`;
}

/** `us-and-territories (BAA-2024-017 section 4.2)`. */
export function permissionInWords(permission: Permission): string {
  switch (permission.kind) {
    case 'terms':
      return withReference(permission.terms.territory.name, permission.terms.reference);
    case 'exception':
      return `${permission.exception.country}, besides what is agreed, by exception (${permission.exception.reason}, approved by ${permission.exception.approvedBy})`;
    case 'default':
      return `${permission.territory.name} (default: ${DEFAULT_REASONS[permission.because]})`;
    case 'unregistered':
      return `${permission.territory.name} (default: not a registered vendor)`;
    default:
      return permission satisfies never;
  }
}

/** The list is the operator's, so that no more can be said of a country on it. */
export const CONCERN =
  'That is a country of concern (residency.concern; by default those of 28 CFR Part 202), whatever the agreement says.';

const DEFAULT_REASONS = {
  'no-terms': 'the vendor has no terms',
  'not-in-force': 'no terms were in force',
  'not-covered': 'the terms in force do not cover this use',
} as const;

function withReference(territory: string, reference: string | undefined): string {
  return reference === undefined ? territory : `${territory} (${reference})`;
}

/** `Acme received 1,024 bytes (1.0 KiB) over https at upload.acme.example, 203.0.113.9`. */
export function movement(subject: Case): string {
  const { assessment, masked, claim } = subject;
  if (assessment.activity.kind === 'access') return login(subject);
  const { receiver, account, protocol } = masked;
  const name = assessment.vendor?.vendor.name ?? receiver.host ?? receiver.ip ?? receiver.user;
  const who = name ?? 'Somebody whom the log does not name';
  const amount = masked.bytes === undefined ? 'an unknown number of bytes' : bytesInWords(masked.bytes);
  const verb = {
    delivered: `${who} received ${amount}`,
    attempted: `A transfer of ${amount} to ${name ?? 'somebody whom the log does not name'} was attempted`,
    indicator: `${who} was sent ${amount}`,
    accessed: `${who} accessed ${amount}`,
  }[claim];
  const how = protocol === 'tunnel' ? 'through a CONNECT tunnel' : `over ${protocol}`;
  const as = account === undefined || account === name ? '' : ` as account ${account}`;
  const at = [receiver.host, receiver.ip].filter((it) => it !== undefined && it !== name);
  return `${verb} ${how}${as}${at.length === 0 ? '' : ` at ${at.join(', ')}`}`;
}

/** An account or key shows that it was the vendor; an address only that it was somebody there. */
function login({ assessment: { vendor }, masked: { receiver, account, protocol } }: Case): string {
  const isVendors = vendor?.by === 'account' || vendor?.by === 'key';
  const place = vendor === undefined || isVendors ? '' : ` at an address of ${vendor.vendor.name}`;
  const who = vendor !== undefined && isVendors ? vendor.vendor.name : `Somebody${place}`;
  const as = account === undefined ? '' : ` as account ${account}`;
  const from = receiver.ip ?? receiver.host ?? 'an address that the log does not tell';
  return `${who} logged in over ${protocol}${as} from ${from}`;
}

/** `2 databases were asked and place it in India (IN)`. */
export function placement(location: Location): string {
  switch (location.standing) {
    case 'certain':
      return `it is in ${theCountry(location.country)} by ${AUTHORITIES[location.decidedBy === 'cloud-range' ? 'provider' : 'operator']}`;
    case 'likely':
      if (location.decidedBy === 'name')
        return `the log has no address, and all that its name answered are in ${theCountry(location.country)}`;
      return placedByDatabases(location.country, location.evidence);
    case 'disputed':
      if (location.decidedBy === 'name')
        return `the log has no address, and those that its name answered can be in ${location.countries.map(theCountry).join(' or ')}`;
      return `the databases disagree: ${location.countries.map(theCountry).join(' or ')}`;
    case 'edge':
      return `it is an edge${inBrackets(decisive(location))}, which does not show where the data ends up`;
    case 'unknown':
      if (location.lastKnown !== undefined)
        return `it was in ${location.lastKnown.map(theCountry).join(' or ')} by databases that are too old to clear anybody (${location.evidence.at(-1)?.said ?? 'geo.stale-after'})`;
      return `its location cannot be told (${location.evidence.at(-1)?.said ?? 'nothing was found'})`;
    case 'internal':
      return 'it is an internal address, of a VPN, a proxy or a load balancer, behind which anybody can be';
    default:
      return location satisfies never;
  }
}

const AUTHORITIES = {
  operator: "the operator's own record",
  provider: 'the ranges that its cloud provider publishes',
} as const;

/** What the step that decided had to say. */
function decisive({ decidedBy, evidence }: Location): string | undefined {
  return evidence.find(({ step }) => step === decidedBy)?.said;
}

function inBrackets(text: string | undefined): string {
  return text === undefined ? '' : ` (${text})`;
}

/** A database that was asked and knew nothing does not vouch for the others. */
function placedByDatabases(country: Country, evidence: Location['evidence']): string {
  const answers = evidence.filter(({ step }) => step === 'database');
  const naming = answers.filter(({ said }) => said === country).length;
  const where = theCountry(country);
  if (naming === 0) return `it counts as ${where}`;
  const place = naming === 1 ? 'places' : 'place';
  if (naming < answers.length)
    return `${naming} of ${answers.length} databases asked ${place} it in ${where}, the rest cannot tell`;
  return `${naming === 1 ? 'one database was' : `${naming} databases were`} asked and ${place} it in ${where}`;
}

/** `It is called PHI because ...`. */
export function phiReason({ basis, indicators }: PhiAssessment): string {
  // An indicator that speaks for both axes stands there twice.
  const says = [...new Set(indicators.map((it) => it.says))].slice(0, 3);
  switch (basis) {
    case undefined:
      return 'Nothing in the log says that it carries PHI.';
    case 'dlp-verdict':
      return `It is called PHI because a DLP engine said so: ${says.join('; ')}.`;
    case 'content-indicator':
      return `It is called PHI by its content as far as the log shows it: ${says.join('; ')}.`;
    case 'phi-system':
      return `It is suspected to be PHI because of where it came from: ${says.join('; ')}.`;
    case 'vendor-presumption':
      if (indicators.some((it) => it.class === 'vendor-carries-some-phi'))
        return `It is presumed to be PHI by all that is known of it together: ${says.join('; ')}.`;
      return 'It is presumed to be PHI because this vendor is declared to receive nothing else; the log does not show the content.';
    default:
      return basis satisfies never;
  }
}

/** What an alert groups by: who, where, which way. Free of patient data because hosts and accounts are masked. */
export function dedupeKeyOf(ruleId: string, { assessment, masked }: Case): string {
  const { vendor, location, activity } = assessment;
  const { host, ip } = masked.receiver;
  const who = vendor?.vendor.id ?? masked.account ?? host ?? siteOf(location.address ?? ip) ?? 'unknown';
  return `${ruleId}|${who}|${placeOf(location)}|${activity.part}`;
}

/** Databases that disagree do so in either order, which makes no difference. */
function placeOf(location: Location): string {
  return location.standing === 'disputed' ? [...location.countries].sort().join(' or ') : describeLocation(location);
}

/** One machine has many IPv6 addresses, new ones every day (RFC 8981); they lie in one /64 (RFC 4291 section 2.5.4). */
function siteOf(ip: string | undefined): string | undefined {
  const address = ip === undefined ? undefined : parseAddress(ip);
  return address?.family === 6 ? networkOf(address, 64).text : ip;
}
