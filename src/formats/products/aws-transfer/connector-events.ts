import { readIso } from '../../../time/iso.ts';
import type { LogRecord } from '../../record.ts';
import { addressOrName } from '../../values/address-or-name.ts';
import type { AddressReader } from '../../values/address-text.ts';
import { readHttpTarget } from '../../values/http-target.ts';
import { countAt, type JsonObject, textAt } from '../../values/json-object.ts';
import type { EventReading } from './server-events.ts';

/**
 * An event of a connector, which is a client: SEND pushes a file to the partner's server at `url`, RETRIEVE fetches one.
 * `bytes` is the file's size (AWS Transfer Family user guide, "SFTP connector events").
 */
export function readConnectorEvent(event: JsonObject, addressText: AddressReader): EventReading {
  const operation = OPERATIONS.get(textAt(event, 'operation') ?? '');
  if (operation === undefined) return 'a connector that moves no file';
  const path = textAt(event, 'file-path');
  const status = textAt(event, 'status-code');
  if (path === undefined || status === undefined) return 'broken';
  const outcome = OUTCOMES.get(status);
  if (outcome === undefined) return 'a transfer that has not ended';
  const bytes = countAt(event, 'bytes');
  const server = serverOf(textAt(event, 'url'), addressText);
  const durationMs = durationOf(event);
  return {
    kind: 'file',
    ...(server !== undefined && { server }),
    ...(bytes !== undefined && (operation === 'write' ? { bytesToServer: bytes } : { bytesToClient: bytes })),
    ...(durationMs !== undefined && { durationMs }),
    file: { path, operation },
    protocol: 'sftp',
    outcome,
  };
}

/** When a transfer ended: the events of connectors carry a time of their own. UTC, ms since the epoch. */
export function connectorTimeMs(event: JsonObject): number | undefined {
  return instantAt(event, 'end-time') ?? instantAt(event, 'end-timestamp');
}

const OPERATIONS: ReadonlyMap<string, 'read' | 'write'> = new Map([
  ['SEND', 'write'],
  ['RETRIEVE', 'read'],
]);

const OUTCOMES: ReadonlyMap<string, 'success' | 'failure'> = new Map([
  ['COMPLETED', 'success'],
  ['FAILED', 'failure'],
]);

/** A connector inside a VPC (VPC Lattice) has no URL. */
function serverOf(url: string | undefined, addressText: AddressReader): LogRecord['server'] {
  const target = url === undefined ? undefined : readHttpTarget(url);
  const end = target === undefined ? undefined : addressOrName(target.host, addressText);
  return end === undefined || target?.port === undefined ? end : { ...end, port: target.port };
}

function durationOf(event: JsonObject): number | undefined {
  const [start, end] = [instantAt(event, 'start-time') ?? instantAt(event, 'start-timestamp'), connectorTimeMs(event)];
  return start === undefined || end === undefined || end < start ? undefined : end - start;
}

function instantAt(event: JsonObject, key: string): number | undefined {
  const reading = readIso(textAt(event, key) ?? '');
  return reading === undefined ? undefined : reading.wallMs - (reading.offsetMs ?? 0);
}
