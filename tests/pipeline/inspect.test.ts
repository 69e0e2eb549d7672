import { expect, test } from 'vitest';
import { findingsOf, type Trace } from '../../src/pipeline/inspect.ts';
import type { Finding } from '../../src/rules/finding.ts';
import { type Gateway, inspectAll, SQUID_UP, stagesOf, territory, vendor } from './stages.ts';

const KEY = 'SHA256:jcm/paSMC7dgh38okGSd4HZ7CKnPDZqQJBcuEsp5RCk';
const ACME = vendor('acme', { domains: ['up.acme.example'], accounts: ['acme_sftp'], networks: ['8.8.4.0/24'] });
const KEYED = vendor('keyed', { keys: [KEY] });

/** Each activity in short: where it ended, and what was found. */
function inShort(traces: readonly Trace[]): readonly string[] {
  return traces.flatMap((trace) => {
    if (trace.kind === 'no-record') return [trace.reading.kind];
    return trace.activities.map((it) => {
      if (it.kind === 'of-no-interest') return `${it.residency.verdict}: ${it.because}`;
      const found = it.judgements.flatMap(({ finding }) => finding ?? []);
      return found.map(({ rule, severity, claim }) => `${rule} ${severity} ${claim}`).join(' + ') || 'nothing';
    });
  });
}

const proxied = (text: string, gateway: Gateway = {}) =>
  inShort(inspectAll([`1795442400.000    151 10.1.2.3 ${text}`], stagesOf({ vendors: [ACME], ...gateway })));

function findings(texts: readonly string[], gateway: Gateway): readonly Finding[] {
  return inspectAll(texts, stagesOf(gateway)).flatMap(findingsOf);
}

const PUT = 'PUT https://up.acme.example/in/a.837 -';

test.each<[string, string, string[]]>([
  ['an upload abroad', `TCP_MISS/201 312 ${PUT} HIER_DIRECT/8.8.1.1 - 66893`, ['phi-outside-territory high delivered']],
  [
    'an upload at home',
    `TCP_MISS/201 312 ${PUT} HIER_DIRECT/8.8.2.1 - 66893`,
    ['home: the receiver is held to be in the United States'],
  ],
  [
    'an upload to a US territory',
    `TCP_MISS/201 312 ${PUT} HIER_DIRECT/8.8.2.2 - 66893`,
    ['permitted: the receiver is where its agreement permits'],
  ],
  [
    'an upload to a freely associated state, which is none',
    `TCP_MISS/201 312 ${PUT} HIER_DIRECT/8.8.2.3 - 66893`,
    ['phi-outside-territory high delivered'],
  ],
  [
    'an upload to a vendor behind an internal address',
    `TCP_MISS/201 312 ${PUT} HIER_DIRECT/10.9.9.9 - 66893`,
    ['location-undetermined medium delivered'],
  ],
  [
    'an upload to a country of concern',
    `TCP_MISS/201 312 ${PUT} HIER_DIRECT/8.8.3.1 - 66893`,
    ['phi-to-country-of-concern critical delivered'],
  ],
  [
    'an upload where the databases disagree',
    `TCP_MISS/201 312 ${PUT} HIER_DIRECT/8.8.4.1 - 66893`,
    ['location-undetermined medium delivered'],
  ],
  [
    'an upload to an anycast address',
    `TCP_MISS/201 312 ${PUT} HIER_DIRECT/8.8.5.1 - 66893`,
    ['location-undetermined medium delivered'],
  ],
  [
    'an upload to an address that nobody knows',
    `TCP_MISS/201 312 ${PUT} HIER_DIRECT/9.9.9.9 - 66893`,
    ['location-undetermined medium delivered'],
  ],
  [
    'an upload through a parent proxy, whose own address is at home',
    `TCP_MISS/201 312 ${PUT} FIRSTUP_PARENT/8.8.2.1 - 66893`,
    ['location-undetermined medium delivered'],
  ],
  [
    'an upload that the parent proxy wanted credentials for',
    `TCP_MISS/407 312 ${PUT} FIRSTUP_PARENT/8.8.2.1 - 66893`,
    ['location-undetermined medium attempted'],
  ],
  [
    'an upload that broke off',
    `TCP_MISS_ABORTED/000 0 ${PUT} HIER_DIRECT/8.8.1.1 - 262382`,
    ['phi-outside-territory medium attempted'],
  ],
  [
    'an upload to a server that was not there',
    `TCP_MISS/503 3440 ${PUT} HIER_DIRECT/8.8.1.1 text/html 253`,
    ['phi-outside-territory medium attempted'],
  ],
  ['an upload that the proxy denied', `TCP_DENIED/403 3440 ${PUT} HIER_NONE/- text/html 253`, []],
  [
    'an upload whose answer the proxy denied',
    `TCP_DENIED_REPLY/403 3440 ${PUT} HIER_DIRECT/8.8.1.1 text/html 66893`,
    ['phi-outside-territory high delivered'],
  ],
  [
    'a download from a vendor abroad',
    'TCP_MISS/200 500000 GET https://up.acme.example/result.zip - HIER_DIRECT/8.8.1.1 - 312',
    ['nothing'],
  ],
  [
    'a GET that sends more than any header holds',
    'TCP_MISS/200 500 GET https://up.acme.example/search - HIER_DIRECT/8.8.1.1 - 1048576',
    ['phi-outside-territory high delivered'],
  ],
  [
    'a method that nobody knows',
    'TCP_MISS/200 500 UPLOAD https://up.acme.example/in/a.837 - HIER_DIRECT/8.8.1.1 - 66893',
    ['phi-outside-territory high delivered'],
  ],
  [
    'a GET that names a patient, to somebody in no register',
    'TCP_MISS/200 500 GET http://x.example/fhir/R4/Patient?identifier=12345678&birthdate=1948-02-29&family=Roe - HIER_DIRECT/8.8.1.1 - 400',
    ['phi-to-unregistered-endpoint high delivered'],
  ],
  ['a cached answer', 'TCP_HIT/200 3000 GET http://up.acme.example/logo.png - HIER_NONE/- image/png 312', []],
  [
    'a tunnel with an upload in it',
    'TCP_TUNNEL/200 2287 CONNECT up.acme.example:443 - HIER_DIRECT/8.8.1.1 - 263437',
    ['phi-outside-territory high delivered'],
  ],
  [
    'a tunnel with little more than a handshake in it',
    'TCP_TUNNEL/200 2287 CONNECT up.acme.example:443 - HIER_DIRECT/8.8.1.1 - 890',
    ['phi-outside-territory medium indicator'],
  ],
  [
    'a tunnel that the parent proxy refused',
    'TCP_TUNNEL/403 2287 CONNECT up.acme.example:443 - FIRSTUP_PARENT/8.8.2.1 - 140',
    ['location-undetermined medium attempted'],
  ],
  [
    'the CONNECT row of an intercepted connection',
    'NONE_NONE/200 0 CONNECT up.acme.example:443 - HIER_NONE/- - 140',
    [],
  ],
  ['a request that is none', 'NONE_NONE/400 3440 - error:invalid-request - HIER_NONE/- text/html 7', []],
])('through a forward proxy: %s', (_, text, expected) => {
  expect(proxied(text)).toEqual(expected);
});

test('a tunnel whose size the log does not tell is an indicator, not a delivery', () => {
  expect(
    proxied('TCP_TUNNEL/200 2287 CONNECT up.acme.example:443 - HIER_DIRECT/8.8.1.1 -', { format: 'squid' }),
  ).toEqual(['phi-outside-territory medium indicator']);
});

test('the size of a reply is never taken for that of an upload', () => {
  const [finding] = findings([`1795442400.000 151 10.1.2.3 TCP_MISS/201 244 ${PUT} HIER_DIRECT/8.8.1.1 -`], {
    format: 'squid',
    vendors: [ACME],
  });
  expect(finding).not.toHaveProperty('bytes');
  expect(finding?.explanation).toContain('received an unknown number of bytes over https');
});

test('before a reverse proxy the client is the receiver, also of what came from the cache', () => {
  const served = (result: string) =>
    inShort(
      inspectAll(
        [
          `1795442400.000 151 8.8.1.1 ${result} 66893 GET http://portal.example/fhir/R4/Patient/123 - HIER_NONE/- application/fhir+json 312`,
        ],
        stagesOf({ inside: 'server' }),
      ),
    );
  expect(served('TCP_MEM_HIT/200')).toEqual(['phi-to-unregistered-endpoint high delivered']);
  expect(served('TCP_DENIED/403')).toEqual([]);
});

const ssh = (second: number, text: string) =>
  `2026-11-23T14:00:${String(second).padStart(2, '0')}.000000+00:00 gw1 ${text}`;
const session = (user: string, ip: string, pid = 7) => [
  ssh(1, `internal-sftp[${pid}]: session opened for local user ${user} from [${ip}]`),
  ssh(2, `internal-sftp[${pid}]: open "/outbound/chart.pdf" flags READ mode 0666`),
  ssh(3, `internal-sftp[${pid}]: close "/outbound/chart.pdf" bytes read 66893 written 0`),
];
const served = (lines: readonly string[], gateway: Gateway = {}) =>
  inShort(inspectAll(lines, stagesOf({ format: 'openssh', inside: 'server', vendors: [ACME, KEYED], ...gateway })));
const accepted = (user: string, ip: string) =>
  ssh(0, `sshd[5]: Accepted publickey for ${user} from ${ip} port 50000 ssh2: ED25519 ${KEY}`);

test('what a vendor’s account reads from our SFTP server goes to where it logged in from', () => {
  expect(served([accepted('acme_sftp', '8.8.1.2'), ...session('acme_sftp', '8.8.1.2')])).toEqual([
    'vendor-access-from-outside high accessed',
    'phi-outside-territory high delivered',
  ]);
});

test('a vendor that is known by its key alone is known when the file is closed', () => {
  expect(served([accepted('shared', '8.8.1.2'), ...session('shared', '8.8.1.2')])).toEqual([
    'vendor-access-from-outside high accessed',
    'phi-outside-territory high delivered',
  ]);
});

test('an unregistered account abroad that reads charts is found, and its login is nobody’s', () => {
  const systems = [{ name: 'outbound', networks: [], paths: ['/outbound/**'] }];
  expect(
    served([accepted('bob', '8.8.1.2'), ...session('bob', '8.8.1.2')], { vendors: [ACME], phi: { systems } }),
  ).toEqual(['nothing', 'phi-to-unregistered-endpoint high delivered']);
});

test('a file that is closed in a session whose beginning is not in the log has a receiver that cannot be told', () => {
  const systems = [{ name: 'outbound', networks: [], paths: ['/outbound/**'] }];
  const gateway = { format: 'openssh', inside: 'server', phi: { systems } } as const;
  const [finding] = findings(session('bob', '8.8.1.2').slice(1), gateway);
  expect(finding).toMatchObject({ rule: 'location-undetermined', severity: 'medium', claim: 'delivered' });
  expect(finding?.explanation).toMatch(
    /^Somebody whom the log does not name received 66,893 bytes .*the line that opened this session is not in the log/,
  );
});

test('a session of unknown address is no login of a vendor', () => {
  expect(served([ssh(1, 'sftp-server[9]: session opened for local user bob from [UNKNOWN]')])).toEqual(['nothing']);
});

test('a session whose address is not told is not called one whose beginning is missing', () => {
  const lines = [
    ssh(1, 'sftp-server[7]: session opened for local user acme_sftp from [UNKNOWN]'),
    ...session('', '').slice(2),
  ];
  const [, download] = findings(
    lines.map((it) => it.replace('internal-sftp', 'sftp-server')),
    { format: 'openssh', inside: 'server', vendors: [ACME] },
  );
  expect(download).toMatchObject({ rule: 'location-undetermined', vendor: { id: 'acme' } });
  expect(download?.explanation).toContain('the line that opened this session does not tell an address');
});

test('an account that logs in from a vendor’s network is said to be somebody there, not the vendor', () => {
  const abroad = vendor('abroad', { networks: ['8.8.1.0/24'] });
  const [login] = findings([accepted('bob', '8.8.1.2')], { format: 'openssh', inside: 'server', vendors: [abroad] });
  expect(login?.title).toBe("A login came from a vendor's address outside the permitted territory");
  expect(login?.explanation).toMatch(/^Somebody at an address of Vendor abroad logged in over ssh as account xxx~/);
});

test('by address, an internal client and an internal server are both ours, whatever they move', () => {
  expect(
    inShort(
      inspectAll(
        [
          '1795442400.000 151 10.1.2.3 TCP_MISS/200 500 POST http://10.2.3.4/fhir/R4/Patient - HIER_DIRECT/10.2.3.4 application/fhir+json 66893',
        ],
        stagesOf({ inside: 'by-address' }),
      ),
    ),
  ).toEqual([
    'not-public: the receiver is on an internal address',
    'not-public: the receiver is on an internal address',
  ]);
});

test('an exception opens one country until it ends', () => {
  const agreed = vendor(
    'acme',
    { domains: ['up.acme.example'] },
    {
      terms: [{ territory: territory('us'), covers: new Set(['storage', 'access'] as const) }],
    },
  );
  const exception = {
    vendor: 'acme',
    country: 'IN' as never,
    untilMs: Date.UTC(2026, 10, 24),
    reason: 'amendment 3',
    approvedBy: 'privacy office',
  };
  const at = (seconds: number) =>
    inShort(
      inspectAll(
        [`${seconds}.000 151 10.1.2.3 TCP_MISS/201 312 ${PUT} HIER_DIRECT/8.8.1.1 - 66893`],
        stagesOf({ format: SQUID_UP, vendors: [agreed], exceptions: [exception] }),
      ),
    );
  expect(at(1_795_478_399)).toEqual(['permitted: the receiver is where its agreement permits']);
  expect(at(1_795_478_400)).toEqual(['phi-outside-territory high delivered']);
});

test('lines that are none of the format end before the record, with the reason', () => {
  const [blank, junk] = inspectAll(['', 'JANE ROE [[['], stagesOf());
  expect(blank).toMatchObject({ kind: 'no-record', reading: { kind: 'skipped' } });
  expect(junk).toMatchObject({ kind: 'no-record', reading: { kind: 'unreadable' } });
  expect(JSON.stringify(junk)).not.toMatch(/JANE|ROE/);
});
