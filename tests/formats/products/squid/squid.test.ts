import { expect, test } from 'vitest';
import { printRecord } from '../../../../src/formats/record.ts';
import { readHttpTarget } from '../../../../src/formats/values/http-target.ts';
import { readOne, recordOf } from '../../fixtures.ts';

/** A native line with other words in some places. */
function native(parts: {
  result?: string;
  method?: string;
  url?: string;
  peer?: string;
  type?: string;
  user?: string;
}): string {
  const { result = 'TCP_MISS/200', method = 'POST', url = 'http://h.example/in', user = '-' } = parts;
  const { peer = 'HIER_DIRECT/192.0.2.9', type = 'text/html' } = parts;
  return `1795493096.168      8 10.1.2.3 ${result} 244 ${method} ${url} ${user} ${peer} ${type}`;
}

test('Hierarchy codes of all versions tell whose address stands beside them', () => {
  const reach = (peer: string) => {
    const { server, reached } = recordOf(readOne(native({ peer }), 'squid'));
    return [reached, server?.ip];
  };
  for (const code of ['HIER_DIRECT', 'DIRECT', 'TIMEOUT_HIER_DIRECT', 'PINNED', 'ORIGINAL_DST', 'CLOSEST_DIRECT']) {
    expect(reach(`${code}/192.0.2.9`), code).toEqual(['server', '192.0.2.9']);
  }
  for (const code of [
    'FIRSTUP_PARENT',
    'TIMEOUT_ROUNDROBIN_PARENT',
    'CARP',
    'USERHASH',
    'ANY_OLD_PARENT',
    'SIBLING_HIT',
  ]) {
    expect(reach(`${code}/192.0.2.9`), code).toEqual(['parent-proxy', undefined]);
  }
  expect(reach('HIER_NONE/-')).toEqual(['nobody', undefined]);
  expect(reach('NONE/-')).toEqual(['nobody', undefined]);
  expect(reach('SOME_FUTURE_CODE/192.0.2.9')).toEqual([undefined, undefined]);
  // Sites that log names instead of addresses.
  expect(reach('HIER_DIRECT/h.example')).toEqual(['server', undefined]);
  expect(reach('HIER_DIRECT/::ffff:192.0.2.9')).toEqual(['server', '192.0.2.9']);
});

test('Without a hierarchy code, results that need no server tell that nobody was spoken to', () => {
  const reach = (result: string) =>
    recordOf(readOne(`1795493096 ${result} h.example:443`, { squid: '%ts %Ss %ru' })).reached;
  for (const result of ['TCP_MEM_HIT', 'TCP_IMS_HIT', 'TCP_DENIED', 'NONE_NONE', 'TCP_REDIRECT']) {
    expect(reach(result), result).toBe('nobody');
  }
  // A refresh asked the server, by the older name too; what was missed may have gone to a parent.
  for (const result of ['TCP_MISS', 'TCP_TUNNEL', 'TCP_REFRESH_HIT', 'TCP_REFRESH_UNMODIFIED']) {
    expect(reach(result), result).toBeUndefined();
  }
});

test('What a client only announced is not what the server got when someone broke off', () => {
  const sent = (result: string) =>
    recordOf(readOne(`1795493096 ${result} POST 51`, { squid: '%ts %Ss/%03>Hs %rm %{Content-Length}>h' }))
      .bytesToServer;
  expect(sent('TCP_MISS/200')).toBe(51);
  expect(sent('TCP_MISS_ABORTED/000')).toBeUndefined();
});

test('An address in the URL is where the request went, through a parent too, but not when it went nowhere', () => {
  const server = (url: string, peer: string) => recordOf(readOne(native({ url, peer }), 'squid')).server;
  expect(server('http://198.51.100.7/x', 'CARP/192.0.2.9')).toEqual({ ip: '198.51.100.7', port: 80 });
  expect(server('https://[2001:DB8::7]/x', 'HIER_DIRECT/2001:db8::7')).toEqual({ ip: '2001:db8::7', port: 443 });
  expect(server('http://198.51.100.7:8080/x', 'HIER_NONE/-')).toEqual({ port: 8_080 });
});

test('What failed, was denied or broken off is no success', () => {
  const outcome = (result: string, peer?: string, url?: string) =>
    recordOf(readOne(native({ result, ...(peer && { peer }), ...(url && { url }) }), 'squid')).outcome;
  expect(outcome('TCP_MISS/200')).toBe('success');
  expect(outcome('TCP_MISS/404')).toBe('success');
  expect(outcome('TCP_MISS/500')).toBe('success');
  for (const status of [502, 503, 504]) expect(outcome(`TCP_MISS/${status}`)).toBe('failure');
  expect(outcome('TCP_MISS/000')).toBe('failure');
  expect(outcome('NONE/400', 'HIER_NONE/-')).toBe('failure');
  expect(outcome('NONE_NONE/200', 'HIER_NONE/-')).toBe('success');
  expect(outcome('TCP_DENIED/403', 'HIER_NONE/-')).toBe('denied');
  expect(outcome('TCP_MISS_ABORTED/200')).toBe('aborted');
  expect(outcome('TCP_TUNNEL_TIMEDOUT/200')).toBe('aborted');
  // The reply was denied: the request had gone out.
  expect(outcome('TCP_DENIED_REPLY/403')).toBe('failure');
  expect(outcome('TCP_MISS/200', undefined, 'error:transaction-end-before-headers')).toBe('failure');
});

test('What the line does not tell is absent', () => {
  const line = '1795493165.281      0 - NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -';
  expect(recordOf(readOne(line, 'squid'))).toEqual({
    kind: 'http',
    timeMs: 1_795_493_165_281,
    bytesToClient: 0,
    durationMs: 0,
    outcome: 'failure',
    proxyResult: 'NONE_NONE',
    reached: 'nobody',
  });
});

test('A record is printed with its keys in their order', () => {
  expect(printRecord(recordOf(readOne(native({ user: 'jdoe' }), 'squid')))).toBe(
    '{"kind":"http","time":"2026-11-24T04:04:56.168Z","client":{"ip":"10.1.2.3","user":"jdoe"},' +
      '"server":{"ip":"192.0.2.9","port":80,"host":"h.example"},"bytesToClient":244,"durationMs":8,"method":"POST",' +
      '"url":"http://h.example/in","status":200,"contentType":"text/html","outcome":"success",' +
      '"proxyResult":"TCP_MISS","reached":"server"}',
  );
});

test('Comments and blank lines are skipped', () => {
  expect(readOne('', 'squid').kind).toBe('skipped');
  expect(readOne('   ', 'squid').kind).toBe('skipped');
  expect(readOne('#Software: squid', 'squid').kind).toBe('skipped');
});

test('A line that is not of the format is unreadable, and the reason does not quote it', () => {
  for (const line of [
    'hello',
    native({}).replace('1795493096.168', 'yesterday'),
    native({}).replace(' 244 ', ' many '),
    native({}).slice(0, 60),
    `${native({})} "https://portal.example/" extra`,
  ]) {
    const reading = readOne(line, 'squid');
    expect(reading.kind, line).toBe('unreadable');
    expect(JSON.stringify(reading)).not.toMatch(/hello|yesterday|many|portal|h\.example/);
  }
});

test('A native line whose milliseconds were cut off is still read', () => {
  expect(recordOf(readOne(native({}).replace('.168', ''), 'squid')).timeMs).toBe(1_795_493_096_000);
});

test('A client that is logged by name keeps its name', () => {
  const { client } = recordOf(readOne(native({}).replace('10.1.2.3', 'WS12.Hosp.Example.'), 'squid'));
  expect(client).toEqual({ host: 'ws12.hosp.example' });
});

test('The CONNECT row of an intercepted connection that was peeked at reached nobody, though it shows an address', () => {
  const line = '1795493096.000      7 10.1.2.3 NONE_NONE/200 0 CONNECT 192.0.2.9:443 - ORIGINAL_DST/192.0.2.9 -';
  expect(recordOf(readOne(line, 'squid')).reached).toBe('nobody');
});

test('A server name from a TLS handshake stands in where the URL has only an address', () => {
  const logformat = '%ts %Ss/%03>Hs %rm %ru %Sh/%<a %ssl::>sni';
  const line = '1795493096 TCP_TUNNEL/200 CONNECT 192.0.2.9:443 ORIGINAL_DST/192.0.2.9 Files.Vendor.Example';
  expect(recordOf(readOne(line, { squid: logformat })).server).toEqual({
    ip: '192.0.2.9',
    port: 443,
    host: 'files.vendor.example',
  });
});

test('Request targets are taken apart, and passwords in them left out', () => {
  expect(readHttpTarget('http://H.Example./a?u=http://x.example:1/')).toEqual({
    host: 'h.example',
    port: 80,
    url: 'http://H.Example./a?u=http://x.example:1/',
  });
  expect(readHttpTarget('ftp://me:secret@h.example/a@b')).toEqual({
    host: 'h.example',
    port: 21,
    url: 'ftp://h.example/a@b',
  });
  expect(readHttpTarget('[2001:db8::1]:8443')).toEqual({ host: '2001:db8::1', port: 8_443, url: '[2001:db8::1]:8443' });
  expect(readHttpTarget('h.example:443')).toEqual({ host: 'h.example', port: 443, url: 'h.example:443' });
  for (const text of [
    '-',
    '',
    '/path',
    '*',
    'urn:isbn:1',
    'error:invalid-request',
    'http://',
    'http://h.example:99999/',
    '[::1',
  ]) {
    expect(readHttpTarget(text), text).toBeUndefined();
  }
  expect(readHttpTarget('constructor://h.example/')).toEqual({ host: 'h.example', url: 'constructor://h.example/' });
});
