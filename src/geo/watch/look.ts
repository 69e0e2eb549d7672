import type { Exception, Vendor } from '../../vendors/vendor.ts';
import { describeLocation, type Location } from '../location.ts';
import type { Locator } from '../locator.ts';
import type { Resolution } from '../names/resolution.ts';
import { judgeResidency, type Residency, type ResidencySettings } from '../residency.ts';
import type { EndpointSighting, RememberedSighting } from './sighting.ts';

/** One domain of a vendor, and the name that is looked up for it. */
export interface WatchedDomain {
  readonly vendor: Vendor;
  /** As the register has it. */
  readonly domain: string;
  /** Of `*.files.acme.example`, `files.acme.example`: the hosts below are not known. */
  readonly name: string;
}

/** What endpoints are held against. */
export interface Terms {
  readonly locator: Pick<Locator, 'locate'>;
  readonly exceptions: readonly Exception[];
  readonly residency: ResidencySettings;
}

/** A vendor's domain answers with an address outside what the vendor may use. Nothing need have been sent there yet. */
export interface EndpointMoved {
  readonly vendor: Vendor;
  readonly domain: string;
  readonly name: string;
  readonly address: string;
  readonly location: Location;
  readonly residency: Residency;
  /**
   * `first-look`: the domain was never looked at before. `new-address`: it answered otherwise before. `new-verdict`: the
   * address is known, and what is made of it has changed: databases or terms are others now.
   */
  readonly because: 'first-look' | 'new-address' | 'new-verdict';
  /** What the domain answered before. */
  readonly before: readonly RememberedSighting[];
  readonly resolution: Resolution;
}

export interface Look {
  /** To be remembered. */
  readonly sightings: readonly EndpointSighting[];
  readonly moved: readonly EndpointMoved[];
}

/** Every declared domain once for each vendor that has it. */
export function watchedDomains(vendors: readonly Vendor[]): readonly WatchedDomain[] {
  return vendors.flatMap((vendor) =>
    vendor.endpoints.domains.map((domain) => ({
      vendor,
      domain,
      name: domain.startsWith('*.') ? domain.slice(2) : domain,
    })),
  );
}

/**
 * Holds what a domain answers against the vendor's terms for stored data. An address is told when it is found outside
 * for the first time, and again only if that verdict changes. What cannot be located is no finding here: nothing has
 * been sent, and a transfer there will be one.
 */
export function judgeEndpoint(
  watched: WatchedDomain,
  resolution: Resolution,
  remembered: readonly RememberedSighting[],
  terms: Terms,
): Look {
  if (resolution.kind !== 'answered') return { sightings: [], moved: [] };
  const { vendor, domain } = watched;
  const before = remembered.filter((it) => it.vendor === vendor.id && it.domain === domain);
  const judged = resolution.addresses.map((address) => judgeAddress(address, watched, resolution.atMs, terms));
  const sightings = judged.map(({ address, location, residency }) => ({
    vendor: vendor.id,
    domain,
    address,
    place: describeLocation(location),
    verdict: residency.verdict,
  }));
  const moved = judged.flatMap((it): readonly EndpointMoved[] => {
    const because = whyNews(it.residency.verdict, it.address, before);
    return because === undefined ? [] : [{ ...watched, ...it, because, before, resolution }];
  });
  return { sightings, moved };
}

interface Judged {
  readonly address: string;
  readonly location: Location;
  readonly residency: Residency;
}

function judgeAddress(
  address: string,
  { vendor, name }: WatchedDomain,
  timeMs: number,
  { locator, exceptions, residency }: Terms,
): Judged {
  const location = locator.locate(address, timeMs, { host: name });
  const held = judgeResidency(location, { kind: 'transfer', timeMs }, vendor, exceptions, residency);
  return { address, location, residency: held };
}

function whyNews(
  verdict: Residency['verdict'],
  address: string,
  before: readonly RememberedSighting[],
): EndpointMoved['because'] | undefined {
  if (verdict !== 'outside' && verdict !== 'concern') return undefined;
  if (before.length === 0) return 'first-look';
  const known = before.find((it) => it.address === address);
  if (known === undefined) return 'new-address';
  return known.verdict === verdict ? undefined : 'new-verdict';
}
