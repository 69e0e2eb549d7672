import { expect } from 'vitest';
import type { LogRecord } from '../../src/formats/record.ts';
import { parseAddress } from '../../src/net/address.ts';

const KINDS = ['http', 'file', 'login', 'logout', 'flow'];
const OUTCOMES = ['success', 'failure', 'denied', 'aborted'];
const OPERATIONS = ['read', 'write', 'rename', 'remove', 'mkdir', 'list', 'stat'];
const REACHED = ['server', 'parent-proxy', 'nobody'];
const COUNTS = ['bytesToServer', 'bytesToClient', 'durationMs', 'connectMs', 'status'] as const;
const TEXTS = ['method', 'url', 'contentType', 'session', 'agent', 'referrer', 'proxyResult'] as const;

/** Whatever the line was, a record has the types that its readers rely on, and nothing in it is `undefined`. */
export function expectWellTyped(record: LogRecord, line: string): void {
  expect(KINDS, line).toContain(record.kind);
  expect(Number.isInteger(record.timeMs) && Math.abs(record.timeMs) <= 8.64e15, `time of ${line}`).toBe(true);
  for (const [key, value] of Object.entries(record)) expect(value, `${key} of ${line}`).not.toBeUndefined();
  for (const key of COUNTS) {
    const count = record[key];
    if (count !== undefined) expect(Number.isSafeInteger(count) && count >= 0, `${key} of ${line}`).toBe(true);
  }
  for (const key of TEXTS) {
    const text = record[key];
    if (text !== undefined) expect(typeof text === 'string' && text !== '', `${key} of ${line}`).toBe(true);
  }
  for (const end of [record.client, record.server]) {
    if (end?.ip !== undefined) expect(parseAddress(end.ip)?.text, line).toBe(end.ip);
    if (end?.port !== undefined) {
      expect(Number.isInteger(end.port) && end.port > 0 && end.port < 65_536, `port of ${line}`).toBe(true);
    }
    if (end?.host !== undefined)
      expect(end.host === end.host.toLowerCase() && end.host !== '', `host of ${line}`).toBe(true);
  }
  if (record.outcome !== undefined) expect(OUTCOMES, line).toContain(record.outcome);
  if (record.reached !== undefined) expect(REACHED, line).toContain(record.reached);
  if (record.file !== undefined) expect(OPERATIONS, line).toContain(record.file.operation);
}
