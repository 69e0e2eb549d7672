import { isIPv4 } from 'node:net';
import { expect, test } from 'vitest';
import { meant, sampleLines } from './sample-files.ts';

const FILE = 'squid-access.log';

/** `%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st "%{Content-Type}>h"`; a user name may hold blanks. */
const ROW =
  /^(?<time>\d{10}\.\d{3}) (?<ms> {0,5}\d{1,6}) (?<client>\S+) (?<result>[A-Z_]+)\/(?<status>\d{3}) (?<down>\d+) (?<method>[A-Z]+|-) (?<url>\S+) (?<user>\S+(?: \S+)*) (?<hierarchy>HIER_DIRECT|HIER_NONE)\/(?<peer>\S+) (?<type>\S+) (?<up>\d+) "(?<requestType>(?:[^"\\]|\\["\\])+)"$/;

const RESULTS = new Set([
  'TCP_TUNNEL/200',
  'TCP_MISS/200',
  'TCP_MISS/201',
  'TCP_MISS/204',
  'TCP_MISS/503',
  'TCP_MISS_ABORTED/000',
  'TCP_HIT/200',
  'TCP_MEM_HIT/200',
  'TCP_IMS_HIT/304',
  'TCP_INM_HIT/304',
  'TCP_REFRESH_UNMODIFIED/200',
  'TCP_REFRESH_MODIFIED/200',
  'TCP_DENIED/403',
  'TCP_DENIED/407',
  'NONE_NONE/000',
  'NONE_NONE/200',
  'NONE_NONE/503',
]);

interface Row {
  readonly time: string;
  readonly ms: string;
  readonly client: string;
  readonly result: string;
  readonly status: string;
  readonly down: string;
  readonly method: string;
  readonly url: string;
  readonly user: string;
  readonly hierarchy: string;
  readonly peer: string;
  readonly type: string;
  readonly up: string;
  readonly requestType: string;
}

const lines = sampleLines(FILE);
const rows = lines.map((line, index) => {
  const groups = ROW.exec(line)?.groups;
  if (groups === undefined) throw new Error(`line ${index + 1} is not in the format: ${line}`);
  return groups as unknown as Row;
});
const entries = meant().filter(({ file }) => file === FILE);

test('every line has the fields of the logformat, durations right-aligned in six places', () => {
  expect(rows.length).toBeGreaterThan(4000);
  for (const { ms, client, peer, hierarchy } of rows) {
    expect(ms.trimStart()).toMatch(/^(?:0|[1-9]\d*)$/);
    expect(ms.length === 6).toBe(true);
    expect(isIPv4(client) && client.startsWith('10.')).toBe(true);
    expect(hierarchy === 'HIER_NONE' ? peer === '-' : isIPv4(peer)).toBe(true);
  }
});

test('only result codes occur that Squid gives such rows', () => {
  expect(rows.filter(({ result, status }) => !RESULTS.has(`${result}/${status}`))).toEqual([]);
});

test('CONNECT rows name host and port, other rows an absolute URL without a query', () => {
  for (const { method, url } of rows) {
    if (method === '-') expect(url).toBe('error:transaction-end-before-headers');
    else if (method === 'CONNECT') expect(url).toMatch(/^[a-z0-9.-]+:443$/);
    else expect(url).toMatch(/^https?:\/\/[a-z0-9.-]+\/[^?]*\??$/);
  }
});

test('what the proxy answered by itself shows no server, and what it passed on shows one', () => {
  for (const { result, status, method, hierarchy } of rows) {
    if (/_HIT$|^TCP_DENIED$/.test(result)) expect(hierarchy).toBe('HIER_NONE');
    if (/^TCP_(?:TUNNEL|MISS|REFRESH)/.test(result)) expect(hierarchy).toBe('HIER_DIRECT');
    if (result === 'NONE_NONE' && status === '200') expect([method, hierarchy]).toEqual(['CONNECT', 'HIER_NONE']);
  }
});

test('lines stand in the order in which exchanges were completed, within the day', () => {
  const times = rows.map(({ time }) => Number(time));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  // 06:00 in Columbus is 11:00 UTC. A tunnel that began before 20:00 may end a little later.
  expect(times[0]).toBeGreaterThan(Date.UTC(2026, 10, 23, 11) / 1000);
  expect(times.at(-1)).toBeLessThan(Date.UTC(2026, 10, 24, 1, 20) / 1000);
});

test('the day is busy in the morning and quiet in the evening', () => {
  const inHour = (hour: number) =>
    rows.filter(({ time }) => Math.floor((Number(time) - Date.UTC(2026, 10, 23, 5) / 1000) / 3600) === hour).length;
  expect(inHour(10)).toBeGreaterThan(2 * inHour(6));
  expect(inHour(10)).toBeGreaterThan(inHour(12));
  expect(inHour(10)).toBeGreaterThan(3 * inHour(19));
});

test('every entry of the truth says what its line says: time, receiver, bytes', () => {
  for (const { line, time, receiver, bytes, kind } of entries) {
    const row = rows[line - 1];
    expect(Number(row?.time) * 1000).toBeCloseTo(Date.parse(time), 3);
    expect(row?.url).toContain(receiver.host);
    if (kind === 'denied') expect([row?.result, row?.peer]).toEqual(['TCP_DENIED', '-']);
    else expect([row?.peer, Number(row?.up)]).toEqual([receiver.ip, bytes]);
  }
});

test('every row that reached a vendor or the unregistered receiver stands in the truth', () => {
  const named = new Set(entries.map(({ line }) => line));
  const receivers = /summitridge-coding|buckeye-coding|lakefront-transcription|caribe-billing|befundportal/;
  const unnamed = rows.filter(
    (row, index) => receivers.test(row.url) && row.hierarchy !== 'HIER_NONE' && !named.has(index + 1),
  );
  expect(unnamed).toEqual([]);
});

test('the story is told in full', () => {
  const count = (vendor: string | null, rule: string | null, claim: string) =>
    entries.filter((it) => it.vendor === vendor && it.rule === rule && it.claim === claim).length;
  expect(count('summit-ridge', 'phi-outside-territory', 'delivered')).toBe(31);
  expect(count('summit-ridge', 'phi-outside-territory', 'attempted')).toBe(2);
  expect(entries.filter(({ kind, rule }) => kind === 'denied' && rule === null)).toHaveLength(2);
  expect(count('buckeye-coding', null, 'delivered')).toBe(13);
  expect(count('lakefront-transcription', 'location-undetermined', 'delivered')).toBe(9);
  expect(count('caribe-billing', null, 'delivered')).toBe(6);
  expect(count(null, 'phi-to-unregistered-endpoint', 'delivered')).toBe(9);
  expect(entries.filter(({ rule }) => rule !== null)).toHaveLength(51);
});

test('a tunnel that should alert is longer than a TLS handshake', () => {
  const tunnels = entries.filter(({ rule, line }) => rule !== null && rows[line - 1]?.method === 'CONNECT');
  expect(tunnels).toHaveLength(8);
  expect(Math.min(...tunnels.map(({ bytes }) => bytes ?? 0))).toBeGreaterThan(4096);
});

test('only .example names receive what alerts', () => {
  for (const { receiver, rule } of entries) if (rule !== null) expect(receiver.host).toMatch(/\.example$/);
});
