import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { LIMITS } from '../../../src/geo/updates/refresh.ts';
import { scratch } from '../scratch.ts';
import { database, packed, packedBytes, sha256Line, tarOf } from './packed.ts';
import { type Answer, content, cutAfter, publisher, status, unlessKnown } from './publisher.ts';
import { CITY, CITY_PATH, CITY_SHA256_PATH, filesIn, inShort, NOW_MS, settingsFor, updateFrom } from './updating.ts';

const OLD = database(CITY, '2026-11-17');
const NEW = database(CITY, '2026-11-24', 'IN');
const ARCHIVE = packed(CITY, '2026-11-24', 'IN');
const SHA256 = sha256Line(ARCHIVE, `${CITY}_20261124.tar.gz`);
/** `printf '123456:hunter2' | base64` */
const BASIC = 'Basic MTIzNDU2Omh1bnRlcjI=';

beforeEach(() => {
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) delete process.env[name];
});

test('a new edition takes the place of the old one, by account and key, and the old one is gone', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  await directory.write(`${CITY}.mmdb`, OLD);
  await directory.write(`${CITY}_20261110.mmdb`, database(CITY, '2026-11-10'));
  await directory.write('GeoLite2-ASN.mmdb', database('GeoLite2-ASN', '2026-11-10'));
  maxmind.answer(CITY_PATH, content(ARCHIVE));
  maxmind.answer(CITY_SHA256_PATH, content(SHA256));

  const { outcomes } = await updateFrom(maxmind.url, settingsFor(directory.path));
  expect(outcomes).toMatchObject([
    {
      name: CITY,
      from: 'publisher',
      kind: 'updated',
      file: 'GeoLite2-City.mmdb',
      facts: { edition: CITY, builtMs: Date.UTC(2026, 10, 24) },
      before: { builtMs: Date.UTC(2026, 10, 17) },
      removed: ['GeoLite2-City_20261110.mmdb'],
    },
  ]);
  const files = await filesIn(directory.path);
  expect(Object.keys(files)).toEqual(['GeoLite2-ASN.mmdb', 'GeoLite2-City.mmdb']);
  expect(files['GeoLite2-City.mmdb']).toEqual(NEW);
  expect(maxmind.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
    [CITY_PATH, BASIC],
    [CITY_SHA256_PATH, BASIC],
  ]);
  expect((await stat(join(directory.path, `${CITY}.mmdb`))).mode & 0o007).toBe(0);
});

test('what is there already is not downloaded again', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, unlessKnown(ARCHIVE, '"5f1e"'));
  maxmind.answer(CITY_SHA256_PATH, content(SHA256));
  const settings = settingsFor(directory.path);
  await updateFrom(maxmind.url, settings);

  const { outcomes } = await updateFrom(maxmind.url, settings);
  expect(outcomes.map(inShort)).toEqual(['unchanged GeoLite2-City']);
  expect(maxmind.asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined, '"5f1e"']);
});

test('a file that was changed or removed since is downloaded whole', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, unlessKnown(ARCHIVE, '"5f1e"'));
  maxmind.answer(CITY_SHA256_PATH, content(SHA256));
  const settings = settingsFor(directory.path);
  await updateFrom(maxmind.url, settings);
  await writeFile(join(directory.path, `${CITY}.mmdb`), NEW.subarray(0, 100));

  const { outcomes } = await updateFrom(maxmind.url, settings);
  expect(outcomes.map(inShort)).toEqual(['updated GeoLite2-City']);
  expect((await filesIn(directory.path))['GeoLite2-City.mmdb']).toEqual(NEW);
});

const BOMB = gzipSync(
  tarOf([{ name: `${CITY}_20261124/${CITY}.mmdb`, bytes: Buffer.concat([NEW, Buffer.alloc(8 << 20)]) }]),
);
const BROKEN = packedBytes(`${CITY}_20261124`, CITY, NEW.subarray(0, 200));
const OTHER = packed('GeoLite2-Country', '2026-11-24');
const OLDER = packed(CITY, '2026-11-10');
const NO_DATABASE = gzipSync(tarOf([{ name: 'README', bytes: Buffer.from('moved') }]));
const CUT_TAR = gzipSync(tarOf([{ name: `${CITY}.mmdb`, bytes: NEW }]).subarray(0, 1024));
const TWICE = gzipSync(ARCHIVE);

const MISBEHAVIOUR: readonly (readonly [string, Answer, Answer, RegExp])[] = [
  ['does not accept the key', status(401), status(401), /^status 401: account and key are not accepted$/],
  ['does not permit the edition', status(403), status(403), /^status 403/],
  ['does not know the edition', status(404), status(404), /^status 404: there is no such file$/],
  ['has broken down', status(503), status(503), /^status 503$/],
  ['announces more than it sends', cutAfter(ARCHIVE, 300), content(SHA256), /^the connection was cut$/],
  ['sends half a file as the whole', content(ARCHIVE.subarray(0, 300)), content(SHA256), /^its SHA-256 is not/],
  ['sends another file', content(packed(CITY, '2026-11-24', 'US')), content(SHA256), /^its SHA-256 is not/],
  ['has no hash', content(ARCHIVE), status(404), /^its SHA-256 cannot be had: status 404/],
  ['sends a page in place of the hash', content(ARCHIVE), content('<html>'), /^what stands in place of its SHA-256/],
  ['sends a page in place of the file', ...hashed(Buffer.from('<html>')), /^it is no sound gzip file/],
  [
    'sends half an archive with its hash',
    ...hashed(ARCHIVE.subarray(0, 300)),
    /^it is no sound gzip file, or is cut off$/,
  ],
  ['sends a tar that is cut', ...hashed(CUT_TAR), /^it is no sound tar archive$/],
  ['sends a tar bomb', ...hashed(BOMB), /^it unpacks to more than 4194304 bytes$/],
  ['packs twice', ...hashed(TWICE), /^it is packed twice$/],
  ['packs no database', ...hashed(NO_DATABASE), /^it holds no \*\.mmdb$/],
  ['packs a broken database', ...hashed(BROKEN), /^This is no sound mmdb file: /],
  ['packs another database', ...hashed(OTHER), /^it is GeoLite2-Country, not GeoLite2-City$/],
  [
    'goes back to an older edition',
    ...hashed(OLDER),
    /^it is the edition of 2026-11-10, older than the one that is there \(of 2026-11-17\)$/,
  ],
  ['redirects without end', redirectTo(CITY_PATH), content(SHA256), /^the server redirects more than 4 times$/],
  ['redirects to plain http', redirectTo('http://127.0.0.1/x'), content(SHA256), /redirects to http:, not https:$/],
];

function hashed(bytes: Buffer): readonly [Answer, Answer] {
  return [content(bytes), content(sha256Line(bytes, 'x.tar.gz'))];
}

function redirectTo(location: string): Answer {
  return status(302, { location });
}

test.each(MISBEHAVIOUR)('a publisher that %s changes nothing', async (_, file, checksum, because) => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  await directory.write(`${CITY}.mmdb`, OLD);
  maxmind.answer(CITY_PATH, file);
  maxmind.answer(CITY_SHA256_PATH, checksum);
  const limits = { ...LIMITS, unpacked: 4 << 20 };
  const { outcomes } = await updateFrom(maxmind.url, settingsFor(directory.path), { limits });
  expect(inShort(outcomes[0])).toMatch(because);
  expect(await filesIn(directory.path)).toEqual({ 'GeoLite2-City.mmdb': OLD });
  expect(JSON.stringify(outcomes)).not.toMatch(/hunter2|MTIzNDU2|not for the log/);
});

test('a download that is longer than any database ends when that shows', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, (response) => {
    const chunk = Buffer.alloc(65_536);
    const more = () => void (response.destroyed || response.write(chunk, more));
    response.writeHead(200);
    more();
  });
  const limits = { ...LIMITS, packed: 1 << 20 };
  const { outcomes } = await updateFrom(maxmind.url, settingsFor(directory.path), { limits });
  expect(inShort(outcomes[0])).toBe('the download has more than 1048576 bytes');
});

test('what may mend by itself is tried three times, and then the next file has its turn', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, cutAfter(ARCHIVE, 100), status(502), content(ARCHIVE));
  maxmind.answer(CITY_SHA256_PATH, content(SHA256));
  const settings = settingsFor(directory.path, { editions: ['GeoLite2-ASN', CITY] });
  const { outcomes, waits } = await updateFrom(maxmind.url, settings);
  expect(outcomes.map(inShort)).toEqual(['status 404: there is no such file', 'updated GeoLite2-City']);
  expect(waits).toEqual([2_000, 15_000]);
});

test('a publisher that wants to be left alone is left alone, also by the next update', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, status(429, { 'retry-after': '3600' }), content(ARCHIVE));
  maxmind.answer(CITY_SHA256_PATH, content(SHA256));
  const settings = settingsFor(directory.path);
  const first = await updateFrom(maxmind.url, settings);
  expect(first.outcomes).toMatchObject([
    { kind: 'failed', because: 'status 429: too many downloads', notBeforeMs: NOW_MS + 3_600_000 },
  ]);
  expect(first.waits).toEqual([]);

  const tooEarly = await updateFrom(maxmind.url, settings, { nowMs: () => NOW_MS + 3_599_000 });
  expect(tooEarly.outcomes.map(inShort)).toEqual(['the server asked to be left alone for a while']);
  expect(maxmind.asked).toHaveLength(1);

  const inTime = await updateFrom(maxmind.url, settings, { nowMs: () => NOW_MS + 3_600_000 });
  expect(inTime.outcomes.map(inShort)).toEqual(['updated GeoLite2-City']);
});

test('a short rest is waited for', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, status(429, { 'retry-after': '30' }), content(ARCHIVE));
  maxmind.answer(CITY_SHA256_PATH, content(SHA256));
  const { outcomes, waits } = await updateFrom(maxmind.url, settingsFor(directory.path));
  expect(outcomes.map(inShort)).toEqual(['updated GeoLite2-City']);
  expect(waits).toEqual([30_000]);
});

test('account and key do not follow a redirect to another origin', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  await using storage = await publisher();
  maxmind.answer(CITY_PATH, redirectTo(`${storage.url}r2/city?signature=abc`));
  storage.answer('/r2/city?signature=abc', content(ARCHIVE));
  maxmind.answer(CITY_SHA256_PATH, content(SHA256));
  const { outcomes } = await updateFrom(maxmind.url, settingsFor(directory.path));
  expect(outcomes.map(inShort)).toEqual(['updated GeoLite2-City']);
  expect(maxmind.asked.map(({ headers }) => headers.authorization)).toEqual([BASIC, BASIC]);
  expect(storage.asked).toHaveLength(1);
  expect(storage.asked[0]?.headers).not.toHaveProperty('authorization');
});

test('a server whose certificate nobody vouches for is not spoken to', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, content(ARCHIVE));
  const { ca: _, ...settings } = settingsFor(directory.path);
  const { outcomes } = await updateFrom(maxmind.url, settings);
  expect(outcomes).toMatchObject([
    {
      because: expect.stringMatching(/^the server's certificate is refused/),
      todo: expect.stringContaining('geo.update.ca'),
    },
  ]);
  expect(maxmind.asked).toEqual([]);
});

test('a server that is not there is told apart from one that refuses', async () => {
  await using directory = await scratch();
  const gone = await publisher();
  await gone[Symbol.asyncDispose]();
  const { outcomes } = await updateFrom(gone.url, settingsFor(directory.path));
  expect(inShort(outcomes[0])).toBe('nobody listens there');
});

test('a mirror is asked for the published names, without account', async () => {
  await using directory = await scratch();
  await using mirror = await publisher();
  mirror.answer(`/geo/${CITY}.tar.gz`, content(ARCHIVE));
  mirror.answer(`/geo/${CITY}.tar.gz.sha256`, content(SHA256));
  mirror.answer('/geo/ip-ranges.json', content(AWS));
  const { maxmind: _, ...settings } = settingsFor(directory.path, {
    mirror: `${mirror.url}geo/`,
    cloudRanges: ['aws'],
  });
  const { outcomes } = await updateFrom('https://127.0.0.1:1/', settings);
  expect(outcomes).toMatchObject([
    { kind: 'updated', from: 'mirror', name: CITY },
    { kind: 'updated', from: 'mirror', name: 'aws', file: 'ip-ranges.json' },
  ]);
  expect(mirror.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
});

const AWS = JSON.stringify({
  syncToken: '1795000000',
  createDate: '2026-11-18-00-26-40',
  prefixes: [
    { ip_prefix: '13.232.0.0/14', region: 'ap-south-1', service: 'AMAZON', network_border_group: 'ap-south-1' },
  ],
  ipv6_prefixes: [],
});
const AZURE = JSON.stringify({
  changeNumber: 400,
  cloud: 'Public',
  values: [
    { name: 'AzureCloud.centralindia', properties: { region: 'centralindia', addressPrefixes: ['20.192.0.0/15'] } },
  ],
});

test('ranges are fetched as their provider publishes them, and half a file is refused', async () => {
  await using directory = await scratch();
  await using aws = await publisher();
  aws.answer('/ip-ranges.json', content(AWS), content(AWS.slice(0, 150)));
  const { maxmind: _, ...settings } = settingsFor(directory.path, { editions: [], cloudRanges: ['aws'] });
  const first = await updateFrom(aws.url, settings);
  expect(first.outcomes).toMatchObject([
    { kind: 'updated', name: 'aws', facts: { subject: 'aws', edition: '1795000000', builtMs: 1_795_000_000_000 } },
  ]);
  const second = await updateFrom(aws.url, settings);
  expect(inShort(second.outcomes[0])).toMatch(/^This is no sound file of cloud ranges/);
  expect(await readFile(join(directory.path, 'ip-ranges.json'), 'utf8')).toBe(AWS);
});

test("Azure's file is found by its download page, and a page without it says so", async () => {
  await using directory = await scratch();
  await using azure = await publisher();
  const link = `${azure.url}download/ServiceTags_Public_20261123.json`;
  azure.answer('/details.aspx?id=56519', content(`<script>{"url":"${link}"}</script>`), content('<p>moved</p>'));
  azure.answer('/download/ServiceTags_Public_20261123.json', content(AZURE));
  const { maxmind: _, ...settings } = settingsFor(directory.path, { editions: [], cloudRanges: ['azure'] });
  const first = await updateFrom(azure.url, settings);
  expect(first.outcomes).toMatchObject([
    { kind: 'updated', file: 'ServiceTags_Public.json', facts: { edition: 'Public 400' } },
  ]);
  const second = await updateFrom(azure.url, settings);
  expect(second.outcomes).toMatchObject([
    { because: 'the download page does not name the file any more', todo: expect.stringContaining('geo.update.drop') },
  ]);
});

test('what a killed update had begun is cleared away later, and never taken for a database', async () => {
  await using directory = await scratch();
  await using maxmind = await publisher();
  maxmind.answer(CITY_PATH, content(ARCHIVE));
  maxmind.answer(CITY_SHA256_PATH, content(SHA256));
  await directory.write(`.${CITY}.mmdb.0123456789ab.download`, NEW.subarray(0, 100));
  await updateFrom(maxmind.url, settingsFor(directory.path), { nowMs: () => Date.now() });
  expect(Object.keys(await filesIn(directory.path))).toHaveLength(2);
  await updateFrom(maxmind.url, settingsFor(directory.path), { nowMs: () => Date.now() + 3_700_000 });
  expect(Object.keys(await filesIn(directory.path))).toEqual(['GeoLite2-City.mmdb']);
});
