import type { Format, LineReader, Reading } from '../../format.ts';
import type { LogRecord } from '../../record.ts';
import { rememberingAddressReader } from '../../values/address-text.ts';
import { skipped, unreadable } from '../../values/reading.ts';
import { connectorTimeMs, readConnectorEvent } from './connector-events.ts';
import { openEnvelope } from './envelope.ts';
import { readLegacyEvent } from './legacy.ts';
import { type EventReading, readServerEvent } from './server-events.ts';

/**
 * AWS Transfer Family, as CloudWatch holds it: servers (`inside: server`) structured or in the old form, and connectors
 * (`inside: client`), which are in log groups of their own.
 */
export const awsTransfer: Format = {
  name: 'aws-transfer',
  product: 'AWS Transfer Family in CloudWatch Logs: servers, and SFTP connectors',
  manual:
    'AWS Transfer Family user guide: CloudWatch log structure, Example CloudWatch log entries, SFTP connector events',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'sometimes',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    durationMs: 'sometimes',
    file: 'sometimes',
    auth: 'sometimes',
    protocol: 'sometimes',
    session: 'sometimes',
    outcome: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'user and address in the lines of a transfer: only CONNECTED has them',
      consequence: 'a file of a session that began before the log did has no known receiver',
    },
    {
      missing: 'the time within an event: it is that of CloudWatch',
      consequence: 'events that were taken out of their envelope without it cannot be read',
      remedy: {
        file: 'the job that fetches the log',
        line: 'aws logs tail /aws/transfer/s-1234567890abcdef0 --format short --follow',
      },
    },
    {
      missing: 'the address of a partner: a connector logs its URL, and none at all inside a VPC',
      consequence: 'the location of the receiver has to be looked up by name, or cannot be told',
    },
    {
      missing: 'events of a server whose logging role cannot write',
      consequence: 'downloads leave no trace',
    },
  ],
  samples: [
    {
      line: '2026-11-24T04:14:09.747Z {"role":"arn:aws:iam::111122223333:role/transfer","activity-type":"CONNECTED","client":"SSH-2.0-OpenSSH_9.2","source-ip":"192.0.2.17","resource-arn":"arn:aws:transfer:us-east-1:111122223333:server/s-1234567890abcdef0","home-dir":"/bucket/acme","ssh-public-key-fingerprint":"SHA256:EHNdoMMdGk6UHOZcKiaXmPXZF+Nfe2DF5TRq+U8gCDQ","ssh-public-key-type":"ssh-ed25519","user":"acme_sftp","kex":"ecdh-sha2-nistp256","session-id":"9ca9a0e1cec6ad9d"}',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:09.747Z',
        client: { ip: '192.0.2.17', user: 'acme_sftp' },
        auth: { method: 'publickey', key: 'SHA256:EHNdoMMdGk6UHOZcKiaXmPXZF+Nfe2DF5TRq+U8gCDQ' },
        protocol: 'sftp',
        session: 'aws-transfer[9ca9a0e1cec6ad9d]',
        outcome: 'success',
      },
    },
    {
      line: '{"timestamp":1795493650765,"message":"{\\"path\\":\\"/bucket/acme/out/patients.csv\\",\\"activity-type\\":\\"CLOSE\\",\\"bytes-out\\":\\"66893\\",\\"session-id\\":\\"9ca9a0e1cec6ad9d\\"}","ingestionTime":1795493651000}',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:10.765Z',
        bytesToClient: 66893,
        file: { path: '/bucket/acme/out/patients.csv', operation: 'read' },
        session: 'aws-transfer[9ca9a0e1cec6ad9d]',
        outcome: 'success',
      },
    },
    {
      line: '2026-11-24T04:14:11.000000+00:00 acme.9ca9a0e1cec6ad9d {"path":"/bucket/acme/in/a.bin","activity-type":"PARTIAL_CLOSE","bytes-in":"163840","session-id":"9ca9a0e1cec6ad9d"}',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:11.000Z',
        bytesToServer: 163840,
        file: { path: '/bucket/acme/in/a.bin', operation: 'write' },
        session: 'aws-transfer[9ca9a0e1cec6ad9d]',
        outcome: 'aborted',
      },
    },
    {
      line: '{"operation":"SEND","connector-id":"c-1234567890abcdef0","transfer-id":"t-1","file-transfer-id":"t-1/f-1","url":"sftp://sftp.vendor.example","file-path":"/bucket/outbound/claims.837","status-code":"COMPLETED","start-time":"2026-11-24T04:14:09.046Z","end-time":"2026-11-24T04:14:10.915Z","bytes":1048576}',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:10.915Z',
        server: { host: 'sftp.vendor.example' },
        bytesToServer: 1048576,
        durationMs: 1869,
        file: { path: '/bucket/outbound/claims.837', operation: 'write' },
        protocol: 'sftp',
        outcome: 'success',
      },
    },
    {
      line: '2026-11-24T04:14:12Z acme_sftp.9ca9a0e1cec6ad9d CLOSE Path=/bucket/acme/ct series (1).zip BytesOut=262144',
      record: {
        kind: 'file',
        time: '2026-11-24T04:14:12.000Z',
        bytesToClient: 262144,
        file: { path: '/bucket/acme/ct series (1).zip', operation: 'read' },
        session: 'aws-transfer[acme_sftp.9ca9a0e1cec6ad9d]',
        outcome: 'success',
      },
    },
    {
      line: '2026-11-24T04:14:13.000Z ERRORS AUTH_FAILURE Method=password User=no body Message="invalid user name" SourceIP=192.0.2.99',
      record: {
        kind: 'login',
        time: '2026-11-24T04:14:13.000Z',
        client: { ip: '192.0.2.99', user: 'no body' },
        auth: { method: 'password' },
        protocol: 'sftp',
        outcome: 'failure',
      },
    },
    {
      line: '2026-11-24T04:14:14.000Z {"activity-type":"EXIT_REASON","message":"Client disconnected","session-id":"9ca9a0e1cec6ad9d"}',
      record: 'skipped',
    },
  ],
  reader: awsTransferReader,
};

function awsTransferReader(): LineReader {
  const addressText = rememberingAddressReader();
  return (text) => {
    const opened = openEnvelope(text);
    if (opened === undefined) return text.trim() === '' ? BLANK_LINE : NO_EVENT;
    const { event, timeMs } = opened;
    if (typeof event === 'string') return finished(readLegacyEvent(event, addressText), timeMs);
    return 'connector-id' in event
      ? finished(readConnectorEvent(event, addressText), connectorTimeMs(event) ?? timeMs)
      : finished(readServerEvent(event, addressText), timeMs);
  };
}

function finished(facts: EventReading, timeMs: number | undefined): Reading {
  if (typeof facts === 'string') return facts === 'broken' ? BROKEN : skipped(facts);
  if (timeMs === undefined) return NO_TIME;
  const { kind, client, server, bytesToServer, bytesToClient, durationMs, file, auth, protocol, session, outcome } =
    facts;
  const record: LogRecord = {
    kind,
    timeMs,
    ...(client !== undefined && { client }),
    ...(server !== undefined && { server }),
    ...(bytesToServer !== undefined && { bytesToServer }),
    ...(bytesToClient !== undefined && { bytesToClient }),
    ...(durationMs !== undefined && { durationMs }),
    ...(file !== undefined && { file }),
    ...(auth !== undefined && { auth }),
    ...(protocol !== undefined && { protocol }),
    ...(session !== undefined && { session }),
    ...(outcome !== undefined && { outcome }),
  };
  return { kind: 'record', record };
}

const BLANK_LINE = skipped('blank line');
const NO_EVENT = unreadable('no event of CloudWatch stands in it');
const NO_TIME = unreadable('the event came without the time that CloudWatch keeps beside it');
const BROKEN = unreadable('an event of AWS Transfer Family without what such an event has');
