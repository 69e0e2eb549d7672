import { describeLocation, type Location } from '../geo/location.ts';
import type { Permission } from '../geo/residency.ts';
import type { Country } from '../net/country.ts';
import type { PhiAssessment } from '../phi/indicator.ts';
import type { Case } from './rule.ts';

const COUNTRY_NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** `India (IN)`. */
export function countryName(code: Country): string {
  return `${COUNTRY_NAMES.of(code) ?? code} (${code})`;
}

/** `India (IN)`, `United States (US) or India (IN)`, `an unknown place`. */
export function whereabouts(location: Location): string {
  switch (location.standing) {
    case 'certain':
    case 'likely':
      return countryName(location.country);
    case 'disputed':
      return location.countries.map(countryName).join(' or ');
    case 'edge':
      return 'a content network whose origin cannot be seen';
    case 'unknown':
      return 'a place that cannot be told';
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
      return `${permission.exception.country} by exception (${permission.exception.reason}, approved by ${permission.exception.approvedBy})`;
    case 'default':
      return `${permission.territory.name} (default: ${DEFAULT_REASONS[permission.because]})`;
    case 'unregistered':
      return `${permission.territory.name} (default: not a registered vendor)`;
    default:
      return permission satisfies never;
  }
}

const DEFAULT_REASONS = {
  'no-terms': 'the vendor has no terms',
  'not-in-force': 'no terms were in force',
  'not-covered': 'the terms in force do not cover this use',
} as const;

function withReference(territory: string, reference: string | undefined): string {
  return reference === undefined ? territory : `${territory} (${reference})`;
}

/** Who the receiver is, for a sentence: the vendor's name, a host, an address. */
export function receiverName({ assessment, masked }: Case): string {
  const { receiver } = masked;
  return assessment.vendor?.vendor.name ?? receiver.host ?? receiver.ip ?? receiver.user ?? 'An unknown receiver';
}

/** `Acme received 1,024 bytes (1.0 KiB) over https at upload.acme.example (203.0.113.9)`. */
export function movement(subject: Case): string {
  const { assessment, masked, claim } = subject;
  const who = receiverName(subject);
  const at = [masked.receiver.host, masked.receiver.ip].filter((it) => it !== undefined && it !== who);
  const place = at.length === 0 ? '' : ` at ${at.join(', ')}`;
  if (assessment.activity.kind === 'access') {
    const account = masked.account === undefined ? '' : ` as account ${masked.account}`;
    return `${who} logged in over ${masked.protocol}${account} from ${masked.receiver.ip ?? 'an address that the log does not tell'}`;
  }
  const amount = masked.bytes === undefined ? 'an unknown number of bytes' : bytesInWords(masked.bytes);
  const verb = {
    delivered: `${who} received ${amount}`,
    attempted: `A transfer of ${amount} to ${who} was attempted`,
    indicator: `${who} was sent ${amount} through an encrypted tunnel`,
    accessed: `${who} accessed ${amount}`,
  }[claim];
  return `${verb} over ${masked.protocol}${place}`;
}

/** `2 of 2 sources place it in India (IN)`. */
export function placement(location: Location): string {
  const asked = location.evidence.filter(({ step }) => step === 'database').length;
  switch (location.standing) {
    case 'certain':
      return `it is in ${countryName(location.country)} by the operator's own record`;
    case 'likely':
      return asked > 1
        ? `${asked} databases were asked and place it in ${countryName(location.country)}`
        : `one database was asked and places it in ${countryName(location.country)}`;
    case 'disputed':
      return `the databases disagree: ${location.countries.map(countryName).join(' or ')}`;
    case 'edge':
      return 'it belongs to a content network, which hides where the data ends up';
    case 'unknown':
      return `its location cannot be told (${location.evidence.at(-1)?.said ?? 'nothing was found'})`;
    case 'internal':
      return 'it is an internal address';
    default:
      return location satisfies never;
  }
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
      return 'It is presumed to be PHI because this vendor is declared to receive nothing else; the log does not show the content.';
    default:
      return basis satisfies never;
  }
}

/** What an alert groups by: who, where, which way. Free of patient data because hosts are masked. */
export function dedupeKeyOf(ruleId: string, { assessment, masked }: Case): string {
  const { vendor, location, activity } = assessment;
  const who = vendor?.vendor.id ?? masked.receiver.host ?? masked.receiver.ip ?? masked.account ?? 'unknown';
  return `${ruleId}|${who}|${describeLocation(location)}|${activity.part}`;
}
