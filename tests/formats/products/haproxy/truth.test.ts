import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/formats/record.ts';
import type { FormatChoice } from '../../../../src/sources/settings.ts';
import { linesOf, readingsOf, readOne, recordOf, truthOf } from '../../fixtures.ts';

const truth = truthOf('haproxy/truth.csv');

/** The log-format lines under which the custom fixture files were written. */
const UP_DOWN = {
  haproxy:
    'src=%ci:%cp dst=%si:%sp be=%b srv=%s st=%ST up=%U down=%B term=%ts m=%HM uri=%[capture.req.uri] tr=%Ta %{+Q}r',
};
const JSON_FORMAT = {
  haproxy:
    '{"time":"%[date,utime(%Y-%m-%dT%H:%M:%SZ)]","client_ip":"%ci","client_port":%cp,"server_ip":"%si","server_port":"%sp","backend":"%b","server":"%s","status":%ST,"bytes_uploaded":%U,"bytes_read":%B,"method":"%HM","path":%{+Q}[capture.req.uri,json(utf8s)],"term":"%ts"}',
};
const JSON_MAPPING: FormatChoice = {
  json: {
    time: 'time',
    'client.ip': 'client_ip',
    'client.port': 'client_port',
    'server.ip': 'server_ip',
    'server.port': 'server_port',
    status: 'status',
    bytesToServer: 'bytes_uploaded',
    bytesToClient: 'bytes_read',
    method: 'method',
    url: 'path',
  },
};
/** A custom line has no time of its own: syslog brings it. */
const behindSyslog = (line: string) => `Nov 24 04:08:19 gw1 haproxy[13910]: ${line}`;

const OWN_FILES = ['httplog', 'httplog_nohdr_logasap', 'clf', 'httpslog', 'tcplog'] as const;

function rowsOf(file: string) {
  return truth.filter((row) => row.file === `${file}.log`).sort((one, other) => Number(one.line) - Number(other.line));
}

function records(file: string, choice: FormatChoice = 'haproxy'): readonly (LogRecord | undefined)[] {
  return readingsOf(`haproxy/${file}.log`, choice).map((reading) =>
    reading.kind === 'skipped' ? undefined : recordOf(reading),
  );
}

test.each(OWN_FILES)(
  'Every line of %s tells client and method as they were, and never a server address it does not have',
  (file) => {
    const found = records(file);
    const rows = rowsOf(file);
    expect(found).toHaveLength(rows.length);
    for (const [index, row] of rows.entries()) {
      const record = found[index];
      // H22 spoke HTTP to a TLS port: there was no exchange.
      if (row.id === 'H22') expect(record).toBeUndefined();
      else {
        expect(record?.client?.ip, row.id).toBe(row.client_ip);
        expect(record?.client?.port, row.id).toBeGreaterThan(1_024);
        expect(record?.method ?? '', row.id).toBe(row.method);
        expect(record?.kind, row.id).toBe(file === 'tcplog' ? 'flow' : 'http');
        expect(record?.bytesToServer, row.id).toBeUndefined();
        if (file !== 'httpslog') expect(record?.server, row.id).toBeUndefined();
      }
    }
  },
);

test('Outcomes and whom HAProxy spoke to agree with what really happened', () => {
  const EXPECTED: Readonly<Record<string, readonly [string | undefined, string]>> = {
    H04: ['denied', 'nobody'],
    H05: ['failure', 'nobody'],
    // logasap: not over yet when the line was written.
    H08: [undefined, 'server'],
    H09: [undefined, 'server'],
    // The client had left, and the line does not know.
    H21: ['success', 'server'],
    H23: ['denied', 'nobody'],
  };
  for (const file of OWN_FILES) {
    const found = records(file);
    for (const [index, row] of rowsOf(file).entries()) {
      if (row.id === 'H22') continue;
      const [outcome, reached] = EXPECTED[row.id ?? ''] ?? ['success', 'server'];
      expect([found[index]?.outcome, found[index]?.reached], row.id).toEqual([outcome, reached]);
    }
  }
});

test('Bytes to the client count the head of the reply too, and are a lower bound where the line came before the end', () => {
  for (const file of OWN_FILES) {
    const found = records(file);
    for (const [index, row] of rowsOf(file).entries()) {
      const record = found[index];
      if (record === undefined) continue;
      const body = Number(row.down_body);
      const isLogasap = row.id === 'H08' || row.id === 'H09';
      expect(record.unfinished, row.id).toBe(isLogasap ? true : undefined);
      // H08 got 500,000 bytes, of which 15,256 had been sent when its line was written.
      if (row.id === 'H08') expect(record.bytesToClient).toBe(15_256);
      else expect(record.bytesToClient, row.id).toBeGreaterThanOrEqual(body);
    }
  }
  expect(records('httplog').map((it) => it?.bytesToClient)).toEqual([150, 156, 500_133, 192, 217, 191, 150, 0, 150]);
});

test('Dates are those of the beginning, in the zone of the process; the Common Log Format has UTC in any zone', () => {
  expect(new Date(records('httplog')[1]?.timeMs ?? 0).toISOString()).toBe('2026-11-24T04:08:16.623Z');
  expect(new Date(records('clf')[0]?.timeMs ?? 0).toISOString()).toBe('2026-11-24T04:08:18.561Z');
  const inNewYork = readingsOf('haproxy/tz_newyork_httplog_and_clf.log', 'haproxy', 'America/New_York').map(recordOf);
  expect(inNewYork.map(({ timeMs }) => new Date(timeMs).toISOString())).toEqual([
    '2026-11-24T04:18:29.703Z',
    '2026-11-24T04:18:29.720Z',
  ]);
});

test('URLs and server names are those of the request, captures are no part of it', () => {
  expect(records('httplog').map((it) => it?.url)).toEqual([
    '/status',
    '/v2/claims/upload?batch=778',
    '/export?sz=500000&ct=application/zip',
    '/denied',
    '/down/x',
    '/v6/fhir',
    '/p?q=%22x%22&z=|',
    undefined,
    '/slow?delay=3000',
  ]);
  expect(records('httpslog').map((it) => it?.server)).toEqual([
    { ip: '127.50.0.1', port: 9443 },
    { host: 'ingest.vendor-a.example' },
    undefined,
    { ip: '127.50.0.1', port: 9443 },
  ]);
});

test('A log-format with %U and %si tells upload and server', () => {
  const lines = linesOf('haproxy/custom_updown.log');
  const found = lines.map((line) => recordOf(readOne(behindSyslog(line), UP_DOWN)));
  expect(found[0]).toEqual({
    kind: 'http',
    timeMs: Date.UTC(2026, 10, 24, 4, 8, 19),
    client: { ip: '127.0.7.9', port: 58936 },
    server: { ip: '127.30.0.3', port: 8080 },
    bytesToServer: 67_042,
    bytesToClient: 154,
    durationMs: 2,
    method: 'POST',
    url: '/in',
    status: 200,
    outcome: 'success',
    proxyResult: '--',
    reached: 'server',
  });
  expect(found[1]?.url).toBe('/export?sz=5000');
  expect(found[1]?.bytesToClient).toBe(5_132);
  expect(readOne(lines[0] ?? '', UP_DOWN)).toEqual({
    kind: 'unreadable',
    because: 'the format tells no time, and no syslog header stands before the line',
  });
});

test.each([JSON_FORMAT, JSON_MAPPING])(
  'JSON is read by the log-format that prints it, and by a mapping: %j',
  (choice) => {
    const found = records('json', choice);
    expect(found.map((it) => it?.client)).toEqual([
      { ip: '127.0.7.10', port: 56538 },
      { ip: '127.0.7.10', port: 56542 },
    ]);
    expect(found.map((it) => it?.server)).toEqual([
      { ip: '127.30.0.3', port: 8080 },
      { ip: '127.30.0.3', port: 8080 },
    ]);
    expect(found.map((it) => [it?.method, it?.url, it?.bytesToServer, it?.bytesToClient])).toEqual([
      ['POST', '/oru?n="a"', 5_691, 153],
      ['GET', '/export?sz=5000', 96, 5_132],
    ]);
    expect(found[0]?.timeMs).toBe(Date.UTC(2026, 10, 24, 4, 8, 19));
  },
);

test('Without any log option a line tells who connected, at the time that syslog gives', () => {
  const [line = ''] = linesOf('haproxy/default.log');
  expect(recordOf(readOne(behindSyslog(line), 'haproxy'))).toEqual({
    kind: 'flow',
    timeMs: Date.UTC(2026, 10, 24, 4, 8, 19),
    client: { ip: '127.0.7.8', port: 39656 },
  });
  expect(readOne(line, 'haproxy').kind).toBe('unreadable');
});

test.each(['rfc3164', 'iso', 'rfc5424', 'rsyslog_json'])(
  'Behind syslog in the form %s the lines of all frontends are read from one file',
  (form) => {
    const lines = linesOf(`haproxy/syslog_${form}.log`);
    expect(lines).toHaveLength(24);
    const readings = readingsOf(`haproxy/syslog_${form}.log`, 'haproxy');
    // H17 to H20 are of two log-formats of the operator's own.
    expect(readings.map(({ kind }) => kind).filter((kind) => kind === 'unreadable')).toHaveLength(4);
    expect(readings.map(({ kind }) => kind).filter((kind) => kind === 'skipped')).toHaveLength(1);
    const found = readings.flatMap((reading) => (reading.kind === 'record' ? [reading.record] : []));
    const bare = OWN_FILES.flatMap((file) => records(file)).filter((it) => it !== undefined);
    const byPort = new Map(bare.map((record) => [record.client?.port, record]));
    for (const record of found) {
      if (record.client?.port === 39656) expect(record.kind).toBe('flow');
      else expect(record).toEqual(byPort.get(record.client?.port));
    }
    expect(found).toHaveLength(19);
  },
);

test('A request that was cut off at the longest line is read as far as it goes', () => {
  const [, line = ''] = linesOf('haproxy/httplog.log');
  const whole = recordOf(readOne(line, 'haproxy'));
  const cut = recordOf(readOne(line.slice(0, line.indexOf('upload?')), 'haproxy'));
  expect(cut).toEqual({ ...whole, url: '/v2/claims/' });
});
