import type { Country } from '../../net/country.ts';
import { type Regions, regionTable } from './table.ts';

/** "AWS Regions and Availability Zones" reference, commercial, GovCloud, China and European Sovereign Cloud. */
export const AWS_REGIONS: Regions = regionTable({
  AE: 'me-central-1',
  AU: 'ap-southeast-2 ap-southeast-4',
  BH: 'me-south-1',
  BR: 'sa-east-1',
  CA: 'ca-central-1 ca-west-1',
  CH: 'eu-central-2',
  CN: 'cn-north-1 cn-northwest-1',
  DE: 'eu-central-1 eusc-de-east-1',
  ES: 'eu-south-2',
  FR: 'eu-west-3',
  GB: 'eu-west-2',
  HK: 'ap-east-1',
  ID: 'ap-southeast-3',
  IE: 'eu-west-1',
  IL: 'il-central-1',
  IN: 'ap-south-1 ap-south-2',
  IT: 'eu-south-1',
  JP: 'ap-northeast-1 ap-northeast-3',
  KR: 'ap-northeast-2',
  MX: 'mx-central-1',
  MY: 'ap-southeast-5',
  NZ: 'ap-southeast-6',
  SE: 'eu-north-1',
  SG: 'ap-southeast-1',
  TH: 'ap-southeast-7',
  TW: 'ap-east-2',
  US: 'us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1',
  ZA: 'af-south-1',
});

/**
 * The cities of Local Zones and Wavelength Zones, by the three letters that stand in the names of their border groups.
 * Such a zone belongs to a region that may be on another continent: `us-east-1-bue-1` is in Buenos Aires.
 */
const ZONE_CITIES: Regions = regionTable({
  AR: 'bue',
  AU: 'per',
  CA: 'yto',
  CL: 'scl',
  DE: 'ber dtm ham muc',
  DK: 'cph',
  FI: 'hel',
  GB: 'lon man',
  GR: 'ath',
  ID: 'cgk',
  IN: 'ccu del',
  JP: 'kix nrt',
  KR: 'cjj sel',
  MA: 'cmn',
  MX: 'qro',
  NG: 'los',
  NZ: 'akl',
  OM: 'mct',
  PE: 'lim',
  PH: 'mnl',
  PL: 'waw',
  SN: 'dkr',
  TH: 'bkk',
  TR: 'ist',
  TW: 'tpe',
  US: 'atl bna bos chi clt den dfw dtw foe hnl iah las lax mci mia msp nyc pdx phl phx sea sfo tpa was',
  VN: 'han',
});

/** Border groups that name no city: the first Wavelength Zones, around Boston and San Francisco. */
const ZONES_WITHOUT_CITY: Regions = regionTable({ US: 'us-east-1-wl1 us-west-2-wl1' });

/**
 * The country of a network border group: a region itself, or a zone of one (`us-east-1-bue-1`, `eu-west-2-wl1-lon1`).
 *
 * @returns `undefined` for one that is not known. The region that a zone belongs to does not tell its country.
 */
export function countryOfBorderGroup(group: string): Country | undefined {
  const known = AWS_REGIONS.get(group) ?? ZONES_WITHOUT_CITY.get(group);
  if (known !== undefined) return known;
  const city = /^[a-z]{2,4}(?:-[a-z]+)+-\d+(?:-wl\d+)?-([a-z]{3})(?:-wlz)?-?\d+$/.exec(group)?.[1];
  return city === undefined ? undefined : ZONE_CITIES.get(city);
}
