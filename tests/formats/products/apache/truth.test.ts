import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/formats/record.ts';
import { readingsOf, recordOf, truthOf } from '../../fixtures.ts';

const truth = truthOf('apache/truth.csv');

/** The samples' httpd.conf has Debian's `%O` in combined and vhost_combined, where these formats have `%b`. */
const FILES = {
  'apache-common': 'fwd_common',
  'apache-combined': 'fwd_combined',
  'apache-combinedio': 'fwd_combinedio',
  'apache-vhost-combined': 'fwd_vhost_combined',
} as const;
type Name = keyof typeof FILES;
const NAMES = Object.keys(FILES) as Name[];

function recordsOf(name: Name): readonly LogRecord[] {
  return readingsOf(`apache/${FILES[name]}.log`, name).map(recordOf);
}

test.each(NAMES)('Every line of a forward proxy in %s tells client, method, server and port as they were', (name) => {
  const records = recordsOf(name);
  expect(records).toHaveLength(8);
  for (const [index, row] of truth.entries()) {
    const record = records[index];
    expect(record?.kind, row.id).toBe('http');
    expect(record?.client, row.id).toEqual({ ip: row.client_ip });
    expect(record?.method, row.id).toBe(row.method);
    expect(String(record?.server?.port), row.id).toBe(row.dest_port);
    // A refused CONNECT and a closed port name an address, and nothing was delivered to it.
    if (row.dest_ip === '') expect(record?.outcome, row.id).toBe('failure');
    else expect(record?.server?.ip, row.id).toBe(row.dest_ip);
    expect(record?.outcome, row.id).toBe(row.outcome === 'ok' ? 'success' : 'failure');
  }
});

test('Without mod_logio no line has the size of an upload; with it, that of the body and a head of some hundred bytes', () => {
  for (const name of NAMES.filter((it) => it !== 'apache-combinedio')) {
    expect(recordsOf(name).every(({ bytesToServer }) => bytesToServer === undefined)).toBe(true);
  }
  const uploads = recordsOf('apache-combinedio').map(({ bytesToServer }) => bytesToServer);
  expect(uploads).toEqual([137, 1_048_823, 263_416, 114, 147, 178, 253, 216]);
  for (const [index, row] of truth.entries()) {
    expect(uploads[index], row.id).toBeGreaterThanOrEqual(Number(row.up_body));
    expect(uploads[index], row.id).toBeLessThan(Number(row.up_body) * 1.005 + 300);
  }
});

test('What the client received is the body; a tunnel that logs a hyphen for it tells nothing, or all that went through', () => {
  const common = recordsOf('apache-common').map(({ bytesToClient }) => bytesToClient);
  expect(common).toEqual([20, 26, undefined, 353, 500_000, 20, 339, 21]);
  for (const [index, row] of truth.entries()) {
    // T03 is a tunnel; error pages are the proxy's own.
    if (row.outcome === 'ok' && row.method !== 'CONNECT') expect(common[index], row.id).toBe(Number(row.down_body));
  }
  expect(recordsOf('apache-combinedio')[2]?.bytesToClient).toBe(2_348);
});

test('User agent and referrer come out of their escapes', () => {
  for (const name of NAMES.filter((it) => it !== 'apache-common')) {
    const records = recordsOf(name);
    expect(records[5]?.agent).toBe('odd "ua" \\ é\tz');
    expect(records[5]?.referrer).toBe('http://r.example/?"q"');
    expect(records[1]?.agent).toBe('ClaimsPump/2.1 (batch; gw)');
    expect(records[1]?.referrer).toBeUndefined();
  }
});

test('The zone stands in the line, so that of the source does not matter', () => {
  for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
    const [reading] = readingsOf('apache/tz_newyork_fwd_common.log', 'apache-common', zone);
    expect(recordOf(reading ?? { kind: 'skipped', because: 'no line' }).timeMs).toBe(Date.UTC(2026, 10, 24, 4, 18, 29));
  }
});

test('The error log is none of these formats', () => {
  for (const name of NAMES) {
    const kinds = readingsOf('apache/error.log', name).map(({ kind }) => kind);
    expect(kinds, name).toEqual(Array.from({ length: 6 }, () => 'unreadable'));
  }
});
