import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printRecord } from '../../../src/formats/record.ts';
import { formatFor } from '../../../src/formats/registry.ts';
import type { CsvColumn } from '../../../src/sources/settings.ts';
import { readOne, recordOf } from '../fixtures.ts';

const COLUMNS: readonly CsvColumn[] = [
  ...(['time', 'client.ip', 'client.user', '-', 'server.ip', 'server.port', 'bytesToServer'] as const),
  ...(['bytesToClient', 'method', 'url', 'status', 'file.path', 'dlp.engine'] as const),
];

const parsed = (line: string, columns = COLUMNS) => JSON.parse(printRecord(recordOf(readOne(line, { csv: columns }))));

test('columns hold what their names say, in the order that was configured', () => {
  expect(
    parsed(
      '2026-11-24T04:04:56Z,10.1.2.3,"Doe, J",ignored,192.0.2.9,443,1048840,312,PUT,"https://up.vendor.example/a?q=""x""",201,a.837,HIPAA',
    ),
  ).toEqual({
    kind: 'http',
    time: '2026-11-24T04:04:56.000Z',
    client: { ip: '10.1.2.3', user: 'Doe, J' },
    server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
    bytesToServer: 1_048_840,
    bytesToClient: 312,
    method: 'PUT',
    url: 'https://up.vendor.example/a?q="x"',
    status: 201,
    file: { path: 'a.837', operation: 'write' },
    outcome: 'success',
    dlp: { engine: 'HIPAA' },
  });
});

test('what a column leaves empty is absent, and without a method it is a connection', () => {
  expect(
    parsed('1795493096,10.1.2.3,-,192.0.2.9,', ['time', 'client.ip', 'client.user', 'server.ip', 'bytesToServer']),
  ).toEqual({
    kind: 'flow',
    time: '2026-11-24T04:04:56.000Z',
    client: { ip: '10.1.2.3' },
    server: { ip: '192.0.2.9' },
  });
});

test.each([
  ['1795493096.168', '2026-11-24T04:04:56.168Z'],
  ['1795493096168', '2026-11-24T04:04:56.168Z'],
  ['24/Nov/2026:04:04:56 +0000', '2026-11-24T04:04:56.000Z'],
  ['2026/11/23 23:04:56', '2026-11-24T04:04:56.000Z'],
  ['Mon Nov 23 23:04:56 2026', '2026-11-24T04:04:56.000Z'],
])('a time may be written as %s', (text, time) => {
  const reading = readOne(`${text},10.1.2.3`, { csv: ['time', 'client.ip'] }, 'America/New_York');
  expect(new Date(recordOf(reading).timeMs).toISOString()).toBe(time);
});

test('the names of the columns are passed over, and a row of another length is not guessed at', () => {
  expect(readOne('when,who', { csv: ['time', 'client.ip'] })).toEqual({
    kind: 'skipped',
    because: 'names of the columns',
  });
  expect(readOne('1795493096,10.1.2.3,x', { csv: ['time', 'client.ip'] }).kind).toBe('unreadable');
  expect(readOne('1795493096,"10.1.2.3', { csv: ['time', 'client.ip'] }).kind).toBe('unreadable');
});

test('columns without a time, or the same twice, are refused', () => {
  expect(() => formatFor({ csv: ['client.ip'] })).toThrow(/Found no time among the columns/);
  expect(() => formatFor({ csv: ['time', 'client.ip', 'client.ip'] })).toThrow(/Found two columns "client.ip"/);
});

test('whatever texts and counts a record holds, written as CSV it is read back', () => {
  const text = fc
    .string({ unit: fc.constantFrom('a', ' ', ',', '"', 'é', '/', '?') })
    .filter((it) => it !== '' && it !== '-');
  const row = fc.record({
    timeMs: fc.integer({ min: 1e12, max: 2e12 }),
    user: text,
    agent: text,
    sent: fc.nat(),
    received: fc.nat(),
  });
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(row, ({ timeMs, user, agent, sent, received }) => {
      const line = [String(timeMs), user, agent, String(sent), String(received)].map(quoted).join(',');
      const record = recordOf(
        readOne(line, { csv: ['time', 'client.user', 'agent', 'bytesToServer', 'bytesToClient'] }),
      );
      expect(record).toEqual({
        kind: 'flow',
        timeMs,
        client: { user },
        bytesToServer: sent,
        bytesToClient: received,
        agent,
      });
    }),
  );
});
