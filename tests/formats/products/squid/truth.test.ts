import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/formats/record.ts';
import { LOGFORMATS, linesOf, readingsOf, recordOf, truthOf } from '../../fixtures.ts';

const truth = truthOf('squid/truth.csv');
const native = readingsOf('squid/native.log', 'squid').map(recordOf);

/** Requests of T15 and T16 went through the parent proxy at 127.30.0.99. */
const VIA_PARENT = new Set(['T15', 'T16']);

function records(file: keyof typeof LOGFORMATS): readonly LogRecord[] {
  return readingsOf(`squid/${file}.log`, { squid: LOGFORMATS[file] }).map(recordOf);
}

test('Every line of the native log tells client, user, method and server as they really were', () => {
  expect(native).toHaveLength(47);
  for (const [index, row] of truth.entries()) {
    const record = native[index];
    expect(record?.client?.ip, row.id).toBe(row.client_ip);
    expect(record?.client?.user ?? '', row.id).toBe(row.user);
    expect(record?.method ?? '-', row.id).toBe(row.method);
    const isAddress = /^[\d.]+$|:/.test(row.dest_host ?? '');
    expect(record?.server?.host ?? '', row.id).toBe(isAddress ? '' : row.dest_host);
    expect(String(record?.server?.port ?? ''), row.id).toBe(row.dest_port);
  }
});

test('The address of the server is the one that got the request, never that of a parent proxy', () => {
  for (const [index, row] of truth.entries()) {
    const record = native[index];
    if (VIA_PARENT.has(row.id ?? '')) {
      expect(record?.server?.ip, row.id).toBeUndefined();
      expect(record?.reached, row.id).toBe('parent-proxy');
    } else if (row.dest_ip !== '') {
      expect(record?.server?.ip, row.id).toBe(row.dest_ip);
      expect(record?.reached, row.id).toBe('server');
    } else {
      // Nothing was delivered: the proxy spoke to nobody, or says that it failed.
      expect(record?.reached === 'nobody' || record?.outcome === 'failure', row.id).toBe(true);
    }
  }
});

test('Outcomes agree with what really happened', () => {
  const EXPECTED: Readonly<Record<string, readonly string[]>> = {
    ok: ['success'],
    cache: ['success'],
    denied: ['denied'],
    aborted: ['aborted'],
    // T21: the name did not resolve, and the client gave up first.
    failed: ['failure', 'aborted'],
  };
  for (const [index, row] of truth.entries()) {
    expect(EXPECTED[row.outcome ?? ''], row.id).toContain(native[index]?.outcome);
  }
});

test('A native line has no upload size: the bytes that it tells are those of the reply', () => {
  expect(native.every(({ bytesToServer }) => bytesToServer === undefined)).toBe(true);
  // T02 sent 1 MiB and got a reply of 244 bytes.
  expect(native[1]?.bytesToClient).toBe(244);
});

test('Where %>st is logged, an upload is at least as large as its body, headers and TLS being counted too', () => {
  for (const file of ['native_up', 'egress_kv', 'json_up', 'csvq'] as const) {
    for (const [index, record] of records(file).entries()) {
      const body = Number(truth[index]?.up_body);
      // T37a and T37b were no HTTP.
      const most = body * 1.07 + 3_000;
      expect(record.bytesToServer, `${file} ${index + 1}`).toBeGreaterThanOrEqual(body);
      expect(record.bytesToServer, `${file} ${index + 1}`).toBeLessThanOrEqual(most);
    }
  }
});

test('The time is that of completion, in UTC', () => {
  expect(new Date(native[0]?.timeMs ?? 0).toISOString()).toBe('2026-11-24T04:04:55.985Z');
  expect(native[0]?.durationMs).toBe(10);
});

test('Files that hold the same requests in other formats give the same records', () => {
  const parallel: readonly (readonly [string, readonly LogRecord[]])[] = [
    ...(['native_up', 'egress_kv', 'json_up', 'csvq'] as const).map((file) => [file, records(file)] as const),
    ...(['common', 'combined', 'referrer', 'useragent'] as const).map(
      (name) => [name, readingsOf(`squid/${name}.log`, `squid-${name}`).map(recordOf)] as const,
    ),
    ...(['rfc3164', 'iso', 'rfc5424', 'rsyslog_json'] as const).map(
      (form) => [`syslog_${form}`, readingsOf(`squid/syslog_${form}.log`, 'squid').map(recordOf)] as const,
    ),
  ];
  for (const [file, others] of parallel) {
    expect(others, file).toHaveLength(47);
    for (const [index, other] of others.entries()) {
      const whole = native[index];
      const place = `${file} ${index + 1}`;
      for (const key of Object.keys(other) as (keyof LogRecord)[]) {
        if (!SAME_EVERYWHERE.has(key)) continue;
        expect(other[key], `${place} ${key}`).toEqual(whole?.[key]);
      }
      expect(other.client?.ip, place).toBe(whole?.client?.ip);
      if (other.server?.host !== undefined) expect(other.server.host, place).toBe(whole?.server?.host);
      // Formats that do not tell whom the proxy spoke to still have the address that a URL holds.
      if (other.reached !== undefined && other.server?.ip !== undefined)
        expect(other.server.ip, place).toBe(whole?.server?.ip);
      expect(Math.floor(other.timeMs / 1_000), place).toBe(Math.floor((whole?.timeMs ?? 0) / 1_000));
    }
  }
});

/** Not the time (some formats have whole seconds), nor the media type (some have that of the request). */
const SAME_EVERYWHERE: ReadonlySet<keyof LogRecord> = new Set([
  'kind',
  'bytesToClient',
  'durationMs',
  'method',
  'url',
  'status',
  'outcome',
  'proxyResult',
  'reached',
]);

test('Users are the same in every format that has them, blanks and backslashes included', () => {
  const users = native.map(({ client }) => client?.user);
  expect(new Set(users)).toEqual(new Set([undefined, 'svc_claims', 'hosp\\jdoe', 'j doe@hosp.example']));
  for (const file of ['native_up', 'egress_kv', 'json_up', 'csvq'] as const) {
    expect(
      records(file).map(({ client }) => client?.user),
      file,
    ).toEqual(users);
  }
  for (const name of ['common', 'combined']) {
    const others = readingsOf(`squid/${name}.log`, `squid-${name}`).map(recordOf);
    expect(
      others.map(({ client }) => client?.user),
      name,
    ).toEqual(users);
  }
});

test('User agents and referrers come through every kind of quoting', () => {
  const odd = 'Odd "UA" \\ [x] é\ttab';
  const combined = readingsOf('squid/combined.log', 'squid-combined').map(recordOf);
  const useragent = readingsOf('squid/useragent.log', 'squid-useragent').map(recordOf);
  for (const others of [combined, useragent, records('egress_kv'), records('json_up'), records('csvq')]) {
    expect(others[1]?.agent).toBe('ClaimsPump/2.1 (batch; gw)');
    expect(others[45]?.agent).toBe(odd);
    expect(others[46]?.agent).toBeUndefined();
  }
  const referrer = readingsOf('squid/referrer.log', 'squid-referrer').map(recordOf);
  for (const others of [combined, referrer, records('egress_kv')]) {
    expect(others[10]?.referrer).toBe('http://portal.hosp.example/send?a="q"');
    expect(others[11]?.referrer).toBeUndefined();
  }
});

test('The media type is that of the request body where it is logged, else that of the reply', () => {
  expect(records('egress_kv')[1]?.contentType).toBe('application/octet-stream');
  expect(records('egress_kv')[3]?.contentType).toBe('application/zip');
  expect(native[1]?.contentType).toBe('application/json');
  expect(native[4]?.contentType).toBeUndefined();
});

test('Without a hierarchy code an address may be a parent proxy, so it is not taken for the server', () => {
  const csv = records('csvq');
  expect(csv[1]?.server).toEqual({ host: 'ingest.vendor-a.example', port: 8080 });
  expect(csv[1]?.reached).toBeUndefined();
  // The URL itself holds an address, and the request went somewhere.
  expect(csv[5]?.server).toEqual({ ip: '127.30.0.3', port: 8443 });
  expect(csv[7]?.reached).toBe('nobody');
});

test('Headers behind a native line tell the body size and type, and nothing else of them is kept', () => {
  const rows = truthOf('squid/truth_native_mime_strip.csv');
  const found = readingsOf('squid/native_mime_strip.log', 'squid').map(recordOf);
  expect(found.map(({ bytesToServer }) => bytesToServer)).toEqual([66_893, undefined, undefined, 51]);
  expect(found.map(({ contentType }) => contentType)).toEqual([
    'text/csv',
    undefined,
    'application/zip',
    'application/x-www-form-urlencoded',
  ]);
  expect(found.map(({ agent }) => agent)).toEqual([
    'curl/7.88.1',
    'curl/7.88.1',
    'Mozilla/5.0 (X11; Linux x86_64)',
    'curl/7.88.1',
  ]);
  for (const [index, row] of rows.entries()) {
    expect(found[index]?.server?.ip, row.id).toBe(row.dest_ip);
    expect(found[index]?.client?.user ?? '', row.id).toBe(row.user);
    if (row.up_body !== '0' && found[index]?.method === 'POST') {
      expect(found[index]?.bytesToServer, row.id).toBe(Number(row.up_body));
    }
  }
  expect(linesOf('squid/native_mime_strip.log').join()).toContain('Proxy-Authorization: Basic');
  expect(JSON.stringify(found)).not.toMatch(/Basic|Proxy-|X-Cache/);
});

test('A proxy in New York writes the same instant in every format', () => {
  const instant = Date.UTC(2026, 10, 24, 4, 18, 29);
  const found = [
    readingsOf('squid/tz_newyork_native.log', 'squid', 'America/New_York'),
    readingsOf('squid/tz_newyork_combined.log', 'squid-combined', 'America/New_York'),
    ...(['egress_kv', 'json_up', 'csvq'] as const).map((file) =>
      readingsOf(`squid/tz_newyork_${file}.log`, { squid: LOGFORMATS[file] }, 'America/New_York'),
    ),
  ].map(([reading]) => recordOf(reading ?? { kind: 'skipped', because: 'no line' }));
  expect(found).toHaveLength(5);
  for (const record of found) {
    expect(Math.floor(record.timeMs / 1_000) * 1_000).toBe(instant);
    expect(record.server).toEqual({ ip: '127.10.0.1', port: 8080 });
  }
});
