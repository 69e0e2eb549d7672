import { type Country, country } from '../net/country.ts';
import { ASN_KINDS } from './asn-kinds.ts';

/** What one record of a database tells about an address. */
export interface Statement {
  /** Where the address is believed to be. */
  readonly country?: Country;
  /** Set where the record says that a US military base uses the address. */
  readonly usMilitary: boolean;
  /** One address, many places. */
  readonly anycast: boolean;
  /** Rented machines stand there: who uses them is not who registered the network. */
  readonly hosting: boolean;
  /** What people hide behind there, in words: `VPN`, `Tor exit`, `content network`. */
  readonly hides?: string;
  /** Whose network it is and what stands there, in words: `AS64500 Example, VPN`. */
  readonly ownership?: string;
  /** What it says on the place, in words, for the evidence. */
  readonly said: string;
}

/**
 * Reads a record of any of the shapes in use:
 *
 *     country_code                       ip-location-db, IPinfo Lite and Core (there `country` is a name)
 *     country.iso_code                   MaxMind and DB-IP, free and commercial; IP2Location
 *     country                            IPinfo, older editions
 *     represented_country, traits        MaxMind Country, City and Enterprise
 *     autonomous_system_number           MaxMind and DB-IP ASN, ISP and Enterprise (there under `traits`); ip-location-db
 *     asn                                IPinfo, `AS64500`
 *     is_hosting_provider, is_tor_...    MaxMind Anonymous IP, and Enterprise under `traits`
 *     hosting, vpn, proxy, tor, relay    IPinfo privacy; `true`, also as text
 *     traits.user_type, type             MaxMind Enterprise; IPinfo ASN: `hosting` and the like
 *
 * `registered_country` says where a block was registered, not where it is: it is never taken for the location.
 */
export function readRecord(record: unknown): Statement {
  const place = placeIn(record);
  const asn = asnIn(record);
  const kind = asn === undefined ? undefined : ASN_KINDS.get(asn);
  const use = useIn(record);
  const behind = hidingPlaceIn(record) ?? (use === 'consumer_privacy_network' ? 'relay' : undefined);
  const isContentNetwork = kind === 'content-network' || use === 'content_delivery_network';
  const hides = behind ?? (isContentNetwork ? 'content network' : undefined);
  const isHosting = kind === 'hosting' || use === 'hosting';
  const hosting = isHosting || isTrue(record, 'is_hosting_provider', 'hosting', 'is_hosting');
  const owner = asn === undefined ? undefined : ownerIn(record, asn);
  const ownership = [owner, hides, hosting ? 'hosting' : undefined].filter((it) => it !== undefined).join(', ');
  return {
    ...(place !== undefined && { country: place }),
    usMilitary: isUsMilitary(record),
    anycast: isTrue(record, 'is_anycast'),
    hosting,
    ...(hides !== undefined && { hides }),
    ...(ownership !== '' && { ownership }),
    said: place ?? withoutPlace(record),
  };
}

function withoutPlace(record: unknown): string {
  const registered = codeIn(record, 'registered_country', 'iso_code');
  return registered === undefined ? 'no country' : `no country; registered in ${registered}, which is no location`;
}

function placeIn(record: unknown): Country | undefined {
  return codeIn(record, 'country_code') ?? codeIn(record, 'country', 'iso_code') ?? codeIn(record, 'country');
}

function isUsMilitary(record: unknown): boolean {
  return (
    valueIn(record, 'represented_country', 'type') === 'military' &&
    codeIn(record, 'represented_country', 'iso_code') === 'US'
  );
}

/** A hosting provider is no hiding place by itself: servers stand there. */
function hidingPlaceIn(record: unknown): string | undefined {
  return HIDING_PLACES.find(([, ...keys]) => isTrue(record, ...keys))?.[0];
}

const HIDING_PLACES: readonly (readonly [string, ...string[]])[] = [
  ['Tor exit', 'is_tor_exit_node', 'tor', 'is_tor'],
  ['VPN', 'is_anonymous_vpn', 'vpn', 'is_vpn'],
  ['public proxy', 'is_public_proxy', 'proxy', 'is_proxy'],
  ['residential proxy', 'is_residential_proxy', 'is_res_proxy'],
  ['relay', 'relay', 'is_relay'],
];

/** IPinfo writes some of its booleans as text. */
function isTrue(record: unknown, ...keys: readonly string[]): boolean {
  return keys.some((key) =>
    [valueIn(record, key), valueIn(record, 'traits', key)].some((it) => it === true || it === 'true'),
  );
}

/** What a network is used for, in its maker's words. */
function useIn(record: unknown): unknown {
  return valueIn(record, 'traits', 'user_type') ?? valueIn(record, 'type');
}

function asnIn(record: unknown): number | undefined {
  const value =
    valueIn(record, 'autonomous_system_number') ??
    valueIn(record, 'traits', 'autonomous_system_number') ??
    valueIn(record, 'asn');
  if (typeof value === 'number') return value;
  const digits = typeof value === 'string' ? /^(?:AS)?(\d{1,10})$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function ownerIn(record: unknown, asn: number): string {
  const name =
    valueIn(record, 'autonomous_system_organization') ??
    valueIn(record, 'traits', 'autonomous_system_organization') ??
    valueIn(record, 'as_name');
  return typeof name === 'string' ? `AS${asn} ${name}` : `AS${asn}`;
}

function codeIn(record: unknown, ...path: readonly string[]): Country | undefined {
  const value = valueIn(record, ...path);
  return typeof value === 'string' ? country(value) : undefined;
}

function valueIn(record: unknown, ...path: readonly string[]): unknown {
  let value = record;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
