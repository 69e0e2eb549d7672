import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRangeFile } from '../../../src/geo/cloud-ranges/parse-range-file.ts';
import type { RangeFile } from '../../../src/geo/cloud-ranges/range-file.ts';

const published = (name: string) => readFile(new URL(`../../fixtures/cloud-ranges/${name}`, import.meta.url));

async function read(name: string): Promise<RangeFile> {
  const reading = parseRangeFile(await published(name));
  if (reading.kind === 'problem') throw new Error(reading.problem.what);
  return reading.file;
}

/** `198.51.100.0/26 US: us-east-1`, one a line. */
function rows({ ranges }: RangeFile): readonly string[] {
  return ranges.map(({ network, place, said }) => {
    return `${network.text} ${place.kind === 'country' ? place.country : place.kind}: ${said}`;
  });
}

test("AWS's ranges are read by border group, and content networks are edges in whatever region", async () => {
  const file = await read('ip-ranges.json');
  expect(file).toMatchObject({ provider: 'aws', edition: '1764028997', builtMs: Date.UTC(2025, 10, 25, 0, 3, 17) });
  expect(rows(file)).toEqual([
    '198.51.100.0/26 US: us-east-1',
    '198.51.100.32/28 AR: us-east-1, border group us-east-1-bue-1',
    '198.51.100.48/28 US: us-east-1, border group us-east-1-wl1-atl1',
    '198.51.100.64/26 IN: ap-south-1',
    '198.51.100.96/27 edge: ap-south-1, CLOUDFRONT',
    '198.51.100.128/26 edge: GLOBAL, AMAZON; GLOBAL, CLOUDFRONT',
    '198.51.100.192/27 untold: xx-new-1, which is not known',
    '198.51.100.224/27 untold: us-east-1, border group us-east-1-zzz-1, which is not known',
    '2001:db8:a0::/44 IE: eu-west-1',
  ]);
});

test("of Azure's service tags the regions of AzureCloud are read, and Front Door is an edge", async () => {
  const file = await read('ServiceTags_Public_20251124.json');
  expect(file).toMatchObject({ provider: 'azure', edition: 'Public 391' });
  expect(file).not.toHaveProperty('builtMs');
  expect(rows(file)).toEqual([
    '203.0.113.0/27 IN: AzureCloud.centralindia',
    '203.0.113.32/27 US: AzureCloud.eastus',
    '203.0.113.64/27 edge: AzureCloud, no region',
    '203.0.113.96/27 untold: AzureCloud.atlantisnorth, a region that is not known',
    '2001:db8:b0::/48 IN: AzureCloud.centralindia',
    '203.0.113.48/29 edge: AzureFrontDoor.Frontend',
  ]);
});

test("Google's ranges are read by scope, of which global is none", async () => {
  const file = await read('cloud.json');
  expect(file).toMatchObject({
    provider: 'gcp',
    edition: '1764018009843',
    builtMs: Date.UTC(2025, 10, 24, 21, 0, 9, 843),
  });
  expect(rows(file)).toEqual([
    '192.0.2.0/27 IN: asia-south1',
    '192.0.2.32/27 US: us-central1',
    '192.0.2.64/27 edge: global',
    '192.0.2.96/27 untold: moon-north1, which is not known',
    '2001:db8:c0::/44 DE: europe-west3',
  ]);
});

test("Oracle's ranges are read by region", async () => {
  const file = await read('public_ip_ranges.json');
  expect(file).toMatchObject({
    provider: 'oracle',
    edition: '2025-11-20T10:16:01.338914',
    builtMs: Date.UTC(2025, 10, 20, 10, 16, 1, 338),
  });
  expect(rows(file)).toEqual([
    '192.0.2.128/27 IN: ap-mumbai-1',
    '192.0.2.160/28 IN: ap-mumbai-1',
    '192.0.2.192/27 US: us-ashburn-1',
    '192.0.2.224/27 untold: aq-southpole-1, which is not known',
  ]);
});

test("all that Google has, without regions, is no more than Google's", () => {
  const file = {
    syncToken: '1764018009843',
    creationTime: '2025-11-24T13:00:09',
    prefixes: [{ ipv4Prefix: '192.0.2.0/24' }],
  };
  expect(parseRangeFile(Buffer.from(JSON.stringify(file)))).toMatchObject({
    kind: 'ranges',
    file: { ranges: [{ place: { kind: 'edge' }, isGeneral: true }] },
  });
});

const AWS_FORM = { syncToken: '1764028997', createDate: '2025-11-25-00-03-17', ipv6_prefixes: [] };
const aws = (...prefixes: readonly object[]) => JSON.stringify({ ...AWS_FORM, prefixes });
const inRegion = (ip_prefix: unknown, region = 'us-east-1') => ({
  ip_prefix,
  region,
  service: 'EC2',
  network_border_group: region,
});

test('a network in two regions at once is in neither, and both are told', () => {
  const text = aws(inRegion('192.0.2.0/24'), inRegion('192.0.2.0/24', 'ap-south-1'));
  expect(parseRangeFile(Buffer.from(text))).toMatchObject({
    file: { ranges: [{ network: { text: '192.0.2.0/24' }, place: { kind: 'untold' }, said: 'us-east-1; ap-south-1' }] },
  });
});

test('host bits are cleared', () => {
  expect(parseRangeFile(Buffer.from(aws(inRegion('192.0.2.2/24'))))).toMatchObject({
    file: { ranges: [{ network: { text: '192.0.2.0/24' } }] },
  });
});

const NOT_JSON = 'it is no JSON object: the download may be cut off, or a page in its place';

test.each([
  ['an empty file', '', NOT_JSON],
  ['a page in its place', '<html>Sign in</html>', NOT_JSON],
  ['a list', '[]', NOT_JSON],
  ['text that is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), NOT_JSON],
  ['a file without networks', aws(), 'it lists no network'],
  [
    'a row without a region',
    aws({ ip_prefix: '192.0.2.0/24', service: 'EC2' }),
    'prefixes[0].region has not the published form',
  ],
  ['a prefix that is a number', aws(inRegion(7)), 'prefixes[0].ip_prefix has not the published form'],
  [
    'a prefix that is none',
    aws(inRegion('192.0.2.0/24'), inRegion('192.0.2/24')),
    'prefixes[1] holds no network in CIDR notation',
  ],
  ['a lone address', aws(inRegion('192.0.2.1')), 'prefixes[0] holds no network in CIDR notation'],
  ['a default route', aws(inRegion('0.0.0.0/0')), 'prefixes[0] holds 0.0.0.0/0, which no provider has alone'],
  [
    'a token that is no time',
    aws(inRegion('192.0.2.0/24')).replace('1764028997', 'soon'),
    'syncToken has not the published form',
  ],
])('%s is refused with what is wrong', (_, content, because) => {
  expect(parseRangeFile(Buffer.from(content))).toEqual({
    kind: 'problem',
    problem: {
      code: 'geo.ranges-damaged',
      what: `This is no sound file of cloud ranges: ${because}`,
      todo: 'download it again from its provider, or remove it',
    },
  });
});

test.each(['{}', '{"prefixes":[]}', '{"version":1,"files":["GeoLite2-City.mmdb"]}'])(
  "sound JSON that is no provider's is told apart: %s",
  (content) => {
    expect(parseRangeFile(Buffer.from(content))).toMatchObject({ problem: { code: 'geo.ranges-unknown' } });
  },
);

test('a file cut anywhere is refused', async () => {
  for (const name of ['ip-ranges.json', 'ServiceTags_Public_20251124.json', 'cloud.json', 'public_ip_ranges.json']) {
    const whole = await published(name);
    const end = whole.toString().trimEnd().length;
    for (let length = 0; length < end; length += 11) {
      expect(parseRangeFile(whole.subarray(0, length))).toMatchObject({ problem: { code: 'geo.ranges-damaged' } });
    }
  }
});

test('whatever JSON holds, reading it does not throw', () => {
  const keys = [
    'syncToken',
    'createDate',
    'creationTime',
    'prefixes',
    'changeNumber',
    'cloud',
    'values',
    'regions',
    'last_updated_timestamp',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue(), { maxKeys: 9 }), (document) => {
      expect(['ranges', 'problem']).toContain(parseRangeFile(Buffer.from(JSON.stringify(document))).kind);
    }),
  );
});
