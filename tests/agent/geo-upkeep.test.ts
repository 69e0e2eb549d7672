import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Agent } from '../../src/agent/agent.ts';
import { loadSettings } from '../../src/config/load.ts';
import { openStoreReader } from '../../src/store/read-only.ts';
import { eventually, scratch } from '../command.ts';
import { writeMmdb } from '../geo/mmdb-writer.ts';
import { dnsServer } from '../geo/names/dns-server.ts';
import { packed, sha256Line } from '../geo/updates/packed.ts';
import { CA, content, publisher } from '../geo/updates/publisher.ts';
import { FROM_BEGINNING, INDIA, install, keptIn, OHIO, SQUID } from './installation.ts';

type Logged = Readonly<Record<string, unknown>> & { readonly msg: string };

/** Runs an agent until `isDone`, and gives what it logged. */
async function runUntil(config: string, isDone: (logged: readonly Logged[]) => boolean): Promise<readonly Logged[]> {
  const logged: Logged[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const agent = await Agent.open(await loadSettings(config), { logger, output: new PassThrough() });
  const stopping = new AbortController();
  const running = agent.run({ untilIdle: false, signal: stopping.signal });
  try {
    await eventually(async () => (isDone(logged) ? true : undefined), 20_000, 'the agent');
  } finally {
    stopping.abort();
    await running;
  }
  return logged;
}

/** Puts keys into the configuration's `geo`. */
async function configureGeo(config: string, keys: object): Promise<void> {
  const written = JSON.parse(await readFile(config, 'utf8'));
  await writeFile(config, JSON.stringify({ ...written, geo: { ...written.geo, ...keys } }));
}

async function installed(directory: string): Promise<string> {
  await writeFile(join(directory, 'access.log'), '');
  return install(directory, [{ ...SQUID, ...FROM_BEGINNING }]);
}

test("a vendor's domain that answers from outside is told once, remembered, and told again when it moves on", async () => {
  await using directory = await scratch();
  await using dns = await dnsServer();
  dns.answer('upload.abroad.example', [INDIA]);
  const config = await installed(directory.path);
  await configureGeo(config, { watch: { servers: [dns.address] } });
  const movedIn = (logged: readonly Logged[]) => logged.filter(({ msg }) => msg.startsWith('vendor-endpoint-moved'));
  const sightings = () => {
    const { queries, close } = openStoreReader(join(directory.path, 'state'));
    try {
      return queries.sightings();
    } finally {
      close();
    }
  };

  const first = await runUntil(config, (logged) => movedIn(logged).length > 0);
  expect(movedIn(first)).toMatchObject([
    {
      vendor: 'abroad',
      domain: 'upload.abroad.example',
      address: INDIA,
      place: 'IN',
      residency: 'outside',
      because: 'first-look',
      resolver: dns.address,
    },
  ]);
  expect(sightings()).toMatchObject([{ vendor: 'abroad', address: INDIA, verdict: 'outside' }]);

  const asked = dns.asked.length;
  const seenAt = sightings()[0]?.lastSeenMs ?? 0;
  const second = await runUntil(config, () => dns.asked.length > asked && (sightings()[0]?.lastSeenMs ?? 0) > seenAt);
  expect(movedIn(second)).toEqual([]);

  dns.answer('upload.abroad.example', [INDIA, '192.0.2.77']);
  const third = await runUntil(config, (logged) => movedIn(logged).length > 0);
  expect(movedIn(third)).toMatchObject([{ address: '192.0.2.77', because: 'new-address' }]);
});

/** Through a parent proxy, whose address says nothing about the origin's. */
function throughParent(second: number): string {
  return `${1_795_442_400 + second}.000    151 10.1.2.3 TCP_MISS/201 312 PUT https://upload.abroad.example/in/batch-${second}.837 - FIRSTUP_PARENT/10.0.0.1 -\n`;
}

test('a line without an address is unknown until its name is known, and inferred from then on', async () => {
  await using directory = await scratch();
  await using dns = await dnsServer();
  dns.answer('upload.abroad.example', [INDIA]);
  const config = await installed(directory.path);
  await configureGeo(config, { resolve: { servers: [dns.address] } });
  const log = join(directory.path, 'access.log');
  const nowS = Math.floor(Date.now() / 1000) - 1_795_442_400;
  const findings = () => keptIn(directory.path).findings;

  let written = 0;
  await runUntil(config, () => {
    // One line after the other, until one of them is judged by what the name answered.
    const found = findings();
    if (found.some(({ location }) => location.decidedBy === 'name')) return true;
    if (found.length === written) void writeFile(log, throughParent(nowS + written++), { flag: 'a' });
    return false;
  });
  const inferred = findings().filter(({ location }) => location.decidedBy === 'name');
  expect(inferred[0]).toMatchObject({
    rule: 'phi-outside-territory',
    residency: 'outside',
    location: { standing: 'likely', country: 'IN' },
  });
  expect(inferred[0]?.explanation).toContain(
    'the log has no address, and all that its name answered are in India (IN)',
  );
  expect(inferred[0]?.location.evidence.slice(0, 2)).toMatchObject([
    { step: 'log' },
    { step: 'name', source: `DNS ${dns.address}`, inferred: true },
  ]);
});

test('without geo.resolve nobody is asked, and the place stays unknown', async () => {
  await using directory = await scratch();
  const config = await installed(directory.path);
  await writeFile(join(directory.path, 'access.log'), throughParent(0));
  await runUntil(config, () => keptIn(directory.path).findings.length === 1);
  expect(keptIn(directory.path).findings).toMatchObject([
    { rule: 'location-undetermined', location: { standing: 'unknown', evidence: [{ step: 'log' }] } },
  ]);
});

test('old databases are reported, and what was used is kept for good', async () => {
  await using directory = await scratch();
  const config = await installed(directory.path);
  const places = writeMmdb(
    { [`${OHIO}/32`]: { country_code: 'US' } },
    { databaseType: 'Test-Country', built: '2020-01-01T00:00:00Z' },
  );
  await writeFile(join(directory.path, 'geoip', 'places.mmdb'), places);
  const logged = await runUntil(config, (all) => all.some(({ msg }) => msg.startsWith('geo-database-stale')));
  expect(logged.filter(({ msg }) => msg.startsWith('geo-database-stale'))).toMatchObject([
    { files: [{ file: 'places.mmdb', edition: 'Test-Country', built: '2020-01-01', since: '2020-02-15' }] },
  ]);
  const { queries, close } = openStoreReader(join(directory.path, 'state'));
  expect(queries.geoEditions()).toMatchObject([
    { name: 'places.mmdb', edition: 'Test-Country', built: '2020-01-01T00:00:00.000Z' },
  ]);
  close();
});

test('a new installation fetches what it lacks at once, and judges by it from then on', async () => {
  await using directory = await scratch();
  await using mirror = await publisher();
  const archive = packed('GeoLite2-City', '2026-11-24', 'IN');
  mirror.answer('/GeoLite2-City.tar.gz', content(archive));
  mirror.answer('/GeoLite2-City.tar.gz.sha256', content(sha256Line(archive, 'x')));
  const config = await installed(directory.path);
  const update = {
    schedule: '17 4 1 1 *',
    maxmind: { editions: ['GeoLite2-City'] },
    mirror: mirror.url,
    ca: CA,
  };
  await configureGeo(config, { update });
  const log = join(directory.path, 'access.log');
  const line = `1795442400.000    151 10.1.2.3 TCP_MISS/201 312 PUT https://upload.abroad.example/in/a.837 - HIER_DIRECT/${OHIO} -\n`;
  const updated = (logged: readonly Logged[]) => logged.some(({ msg }) => msg === 'a geo file was updated');
  let isWritten = false;
  await runUntil(config, (logged) => {
    if (!updated(logged)) return false;
    if (!isWritten) void writeFile(log, line, { flag: 'a' });
    isWritten = true;
    return keptIn(directory.path).findings.length > 0;
  });
  // The database of the installation says US of it, the one that was fetched says India.
  expect(keptIn(directory.path).findings).toMatchObject([
    { residency: 'undetermined', location: { standing: 'disputed', countries: ['IN', 'US'] } },
  ]);

  const asked = mirror.asked.length;
  await runUntil(config, (logged) => logged.some(({ msg }) => msg === 'started'));
  expect(mirror.asked).toHaveLength(asked);
});
