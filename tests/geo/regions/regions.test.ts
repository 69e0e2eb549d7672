import { expect, test } from 'vitest';
import { AWS_REGIONS, countryOfBorderGroup } from '../../../src/geo/regions/aws.ts';
import { AZURE_REGIONS } from '../../../src/geo/regions/azure.ts';
import { GCP_REGIONS } from '../../../src/geo/regions/gcp.ts';
import { ORACLE_REGIONS } from '../../../src/geo/regions/oracle.ts';
import { regionTable } from '../../../src/geo/regions/table.ts';

// The provider's own words for some that a name does not give away.
test.each([
  ['eu-central-2', 'CH'],
  ['eu-south-2', 'ES'],
  ['ap-southeast-3', 'ID'],
  ['ap-southeast-5', 'MY'],
  ['ap-southeast-7', 'TH'],
  ['ap-east-2', 'TW'],
  ['me-south-1', 'BH'],
  ['mx-central-1', 'MX'],
])('AWS %s is in %s', (region, country) => expect(AWS_REGIONS.get(region)).toBe(country));

test.each([
  ['southeastasia', 'SG'],
  ['eastasia', 'HK'],
  ['northeurope', 'IE'],
  ['westeurope', 'NL'],
  ['jioindiawest', 'IN'],
  ['usgovvirginia', 'US'],
  ['centralfrance', 'FR'],
])('Azure %s is in %s', (region, country) => expect(AZURE_REGIONS.get(region)).toBe(country));

test.each([
  ['asia-south2', 'IN'],
  ['asia-southeast2', 'ID'],
  ['northamerica-northeast1', 'CA'],
  ['northamerica-south1', 'MX'],
  ['europe-west12', 'IT'],
  ['us-west8', 'US'],
])('Google %s is in %s', (region, country) => expect(GCP_REGIONS.get(region)).toBe(country));

test.each([
  ['ap-hyderabad-1', 'IN'],
  ['eu-jovanovac-1', 'RS'],
  ['us-saltlake-2', 'US'],
])('Oracle %s is in %s', (region, country) => expect(ORACLE_REGIONS.get(region)).toBe(country));

test('no region whose name begins with us is abroad, and no other is in the US', () => {
  const all = [...AWS_REGIONS, ...GCP_REGIONS, ...ORACLE_REGIONS];
  expect(all.filter(([name, country]) => name.startsWith('us-') !== (country === 'US'))).toEqual([]);
});

test.each([
  ['us-east-1', 'US'],
  ['us-east-1-bue-1', 'AR'],
  ['us-east-1-lim-1', 'PE'],
  ['us-east-1-qro-1', 'MX'],
  ['us-east-1-scl-1', 'CL'],
  ['us-east-1-chi-2', 'US'],
  ['us-west-2-hnl-1', 'US'],
  ['us-east-1-wl1', 'US'],
  ['us-east-1-wl1-atl1', 'US'],
  ['us-east-1-wl1-atl-wlz-1', 'US'],
  ['ca-central-1-wl1-yto1', 'CA'],
  ['eu-west-2-wl2-man1', 'GB'],
  ['ap-southeast-1-mnl-1', 'PH'],
  ['ap-south-1-ccu-1', 'IN'],
  ['us-gov-west-1', 'US'],
  ['us-east-1-zzz-1', undefined],
  ['us-east-9', undefined],
  ['GLOBAL', undefined],
  ['', undefined],
])('the border group %s is in %s', (group, country) => expect(countryOfBorderGroup(group)).toBe(country));

test('a table that is wrong does not load', () => {
  expect(() => regionTable({ UK: 'eu-west-2' })).toThrow('UK is no ISO 3166-1 code');
  expect(() => regionTable({ GB: 'eu-west-2', IE: 'eu-west-2' })).toThrow('eu-west-2 is in two countries');
});
