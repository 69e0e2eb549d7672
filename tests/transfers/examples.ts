import type { LogRecord } from '../../src/formats/record.ts';
import type { Line } from '../../src/sources/line.ts';

/** 2026-11-23 14:00:00 UTC. */
export const TWO_PM = Date.UTC(2026, 10, 23, 14, 0, 0);

export function line(text = '', offset = 0, source = 'gw'): Line {
  return {
    source,
    text,
    place: { file: '00112233445566ff', offset, bytes: text.length + 1 },
    path: '/var/log/example.log',
    writtenBeforeMs: TWO_PM + 60_000,
    cut: false,
  };
}

/** A claims upload through a forward proxy, as Squid would log it with `%>st`. */
export function upload(changes: Partial<LogRecord> = {}): LogRecord {
  return {
    kind: 'http',
    timeMs: TWO_PM,
    client: { ip: '10.1.2.3', user: 'jdoe' },
    server: { ip: '198.51.100.7', port: 443, host: 'upload.vendor.example' },
    bytesToServer: 1_048_840,
    bytesToClient: 244,
    method: 'PUT',
    url: 'https://upload.vendor.example/in/a.837',
    status: 201,
    outcome: 'success',
    reached: 'server',
    ...changes,
  };
}
