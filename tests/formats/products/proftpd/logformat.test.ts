import { expect, test } from 'vitest';
import { compileLogFormat } from '../../../../src/formats/products/proftpd/logformat.ts';
import { formatFor } from '../../../../src/formats/registry.ts';
import { readOne, recordOf } from '../../fixtures.ts';

const read = (proftpd: string, line: string, timezone = 'UTC') => recordOf(readOne(line, { proftpd }, timezone));

test('Times are read in every form that a LogFormat can have', () => {
  const at = Date.UTC(2026, 10, 24, 4, 14, 9);
  const tail = '%m %s %b \\"%f\\"';
  const rest = 'RETR 226 5 "/a"';
  expect(read(`%t ${tail}`, `[23/Nov/2026:23:14:09 -0500] ${rest}`).timeMs).toBe(at);
  expect(read(`%{iso8601} ${tail}`, `2026-11-23 23:14:09,747 ${rest}`, 'America/New_York').timeMs).toBe(at + 747);
  expect(read(`%{epoch} ${tail}`, `1795493649 ${rest}`).timeMs).toBe(at);
  expect(read(`%{%Y%m%d %T %z}t ${tail}`, `20261124 04:14:09 +0000 ${rest}`).timeMs).toBe(at);
});

test('The client, the server and the session are taken from whichever codes tell them', () => {
  const format = '%{iso8601} %h [%a]:%{remote-port} %L:%p %P %{protocol} %u %U %m %s %b %{transfer-millisecs} %F';
  const line =
    '2026-11-24 04:14:09,000 coder.example [2001:db8::7]:4711 10.9.0.1:990 16 ftps acme acme RETR 226 5 17 /a b';
  expect(read(format, line)).toEqual({
    kind: 'file',
    timeMs: Date.UTC(2026, 10, 24, 4, 14, 9),
    client: { ip: '2001:db8::7', port: 4711, user: 'acme' },
    server: { ip: '10.9.0.1', port: 990 },
    bytesToClient: 5,
    durationMs: 17,
    file: { path: '/a b', operation: 'read' },
    protocol: 'ftps',
    session: 'proftpd[16]',
    outcome: 'success',
  });
});

test('An answer that failed is told apart by what had moved until then', () => {
  const outcome = (command: string, status: string, bytes: string) =>
    read('%{iso8601} %m %s %b %f', `2026-11-24 04:14:09,000 ${command} ${status} ${bytes} /a`).outcome;
  expect(outcome('RETR', '226', '5')).toBe('success');
  expect(outcome('RETR', '426', '5')).toBe('aborted');
  expect(outcome('RETR', '550', '-')).toBe('failure');
  expect(outcome('STOR', '451', '0')).toBe('failure');
  // Statuses of SFTP stand where FTP has an answer: 2 is "no such file", 3 "permission denied".
  expect(outcome('STAT', '2', '-')).toBe('failure');
  expect(outcome('MKD', '-', '-')).toBeUndefined();
  expect(outcome('DELE', '550', '0')).toBe('failure');
});

test.each([
  ['nothing in it', 'Found no % code in the LogFormat'],
  ['%a %y', 'Cannot read %y at column 4 of the LogFormat: ProFTPD has no such code'],
  ['%a %{protocl}', 'Cannot read %{protocl} at column 4 of the LogFormat: ProFTPD has no such code.*write %{protocol}'],
  ['%f%r', 'Cannot tell where the value before %r ends'],
  ['%{%b}t %a', 'Cannot use the time pattern at column 1 of the LogFormat: it does not tell the year'],
])('The LogFormat %j is refused: %s', (text, message) => {
  expect(() => compileLogFormat(text)).toThrow(new RegExp(message.replace(/[{}]/g, '\\$&')));
});

test('What a LogFormat leaves out is a blind spot, with the lines for proftpd.conf', () => {
  const missing = (text: string) => formatFor({ proftpd: text }).blindSpots.map((it) => it.missing);
  expect(missing('%{iso8601} %u %m %s %f')).toEqual(
    expect.arrayContaining(["the client's address", 'how many bytes moved', 'the time zone: times are local']),
  );
  const recommended = formatFor('proftpd-phi-egress').blindSpots;
  expect(recommended.map((it) => it.missing)).not.toContain('the time zone: times are local');
  const [first] = formatFor({ proftpd: '%{iso8601} %u %m %s %f' }).blindSpots;
  expect(first?.remedy?.line).toBe(
    [
      'LogFormat phi_egress "%{%Y-%m-%dT%H:%M:%S%z}t %a %P %{protocol} %m %s %b %T %{transfer-status} %u \\"%f\\""',
      '<Global>',
      '  ExtendedLog /var/log/proftpd/phi_egress.log AUTH,READ,WRITE phi_egress',
      '</Global>',
    ].join('\n'),
  );
});
