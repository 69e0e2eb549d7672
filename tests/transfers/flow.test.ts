import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/formats/record.ts';
import type { InsideSide } from '../../src/sources/settings.ts';
import { flowTransfers } from '../../src/transfers/flow.ts';
import { line, TWO_PM } from './examples.ts';

const [OURS, THEIRS] = ['10.1.2.3', '8.8.8.8'];

function moved(changes: Partial<LogRecord> = {}, inside: InsideSide = 'by-address') {
  const record: LogRecord = {
    kind: 'flow',
    timeMs: TWO_PM,
    client: { ip: OURS, port: 51_514, user: 'jdoe' },
    server: { ip: THEIRS, port: 443 },
    bytesToServer: 1_048_576,
    bytesToClient: 312,
    ...changes,
  };
  return flowTransfers({ line: line(), record }, inside);
}

test('an upload to an outside server is a transfer of unknown content, with the bytes that went there', () => {
  expect(moved()).toEqual([
    {
      kind: 'transfer',
      source: 'gw',
      place: line().place,
      part: 'to-server',
      timeMs: TWO_PM,
      protocol: 'ip',
      vehicle: 'flow',
      sender: { ip: OURS, port: 51_514, user: 'jdoe' },
      receiver: { ip: THEIRS, port: 443 },
      bytes: 1_048_576,
      reach: 'delivered',
    },
  ]);
});

test('what an outside client pulls out of our server goes to the client, and its user is not an account of ours', () => {
  const [pulled, ...others] = moved({ client: { ip: THEIRS, user: 'jdoe' }, server: { ip: OURS, port: 22 } });
  expect(others).toEqual([]);
  expect(pulled).toMatchObject({ part: 'to-client', receiver: { ip: THEIRS }, bytes: 312, reach: 'delivered' });
  expect(pulled).not.toHaveProperty('account');
  expect(pulled?.receiver).not.toHaveProperty('user');
});

test('by address, between two outside ends both directions are movements', () => {
  const both = moved({ client: { ip: '9.9.9.9' } });
  expect(both.map(({ part, bytes }) => [part, bytes])).toEqual([
    ['to-server', 1_048_576],
    ['to-client', 312],
  ]);
});

test.each<[string, Partial<LogRecord>]>([
  ['a connection that a firewall refused', { outcome: 'denied' }],
  ['a connection in which we sent nothing', { bytesToServer: 0 }],
  ['a proxied one that reached nobody', { reached: 'nobody' }],
])('%s moves nothing', (_, changes) => {
  expect(moved(changes)).toEqual([]);
});

test('without sizes there is an attempt of unknown size, and none where the connection failed', () => {
  const record: LogRecord = { kind: 'flow', timeMs: TWO_PM, server: { ip: THEIRS, host: 'up.vendor.example' } };
  const say = (outcome?: LogRecord['outcome']) =>
    flowTransfers({ line: line(), record: { ...record, ...(outcome && { outcome }) } }, 'client').map(
      ({ reach, bytes }) => [reach, bytes],
    );
  expect(say()).toEqual([['attempted', undefined]]);
  expect(say('success')).toEqual([['delivered', undefined]]);
  expect(say('failure')).toEqual([]);
});

test('bytes that nobody answered may not have arrived, unless the log says that the connection was made', () => {
  expect(moved({ bytesToClient: 0 })[0]?.reach).toBe('attempted');
  expect(moved({ bytesToClient: 0, outcome: 'success' })[0]?.reach).toBe('delivered');
  expect(moved({ outcome: 'failure' })[0]?.reach).toBe('attempted');
});

test('a file that was seen in the connection is a file, with its name and type', () => {
  const file = { path: 'claims-2026.837', operation: 'write' } as const;
  expect(moved({ file, contentType: 'application/edi-x12' })[0]).toMatchObject({
    vehicle: 'file',
    path: 'claims-2026.837',
    contentType: 'application/edi-x12',
  });
});

test('a receiver that is only named has no address, and the reason stands there', () => {
  expect(moved({ server: { host: 'up.vendor.example' } }, 'client')[0]?.addressMissing).toBe(
    'the log names the receiver but not its address',
  );
});
