import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/formats/record.ts';
import type { FormatChoice } from '../../../../src/sources/settings.ts';
import { readingsOf, recordOf, truthOf } from '../../fixtures.ts';

const truth = truthOf('nginx/truth.csv');

/** The log_format lines under which the fixture files were written. */
const COMMON = { nginx: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent' };
const UPSTREAM_EXT = {
  nginx:
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time req_len=$request_length bytes_sent=$bytes_sent upstream=$upstream_addr us=$upstream_status host="$host" ct="$content_type" sct="$sent_http_content_type"',
};
const JSON_TEMPLATE = {
  nginx:
    'escape=json {"time":"$time_iso8601","msec":"$msec","remote_addr":"$remote_addr","remote_user":"$remote_user","request_method":"$request_method","host":"$host","uri":"$request_uri","server_protocol":"$server_protocol","status":$status,"request_length":$request_length,"body_bytes_sent":$body_bytes_sent,"bytes_sent":$bytes_sent,"http_referer":"$http_referer","http_user_agent":"$http_user_agent","upstream_addr":"$upstream_addr","upstream_status":"$upstream_status","upstream_bytes_sent":"$upstream_bytes_sent","content_type":"$content_type","content_length":"$content_length","request_id":"$request_id"}',
};
const JSON_MAPPING: FormatChoice = {
  json: {
    time: 'time',
    'client.ip': 'remote_addr',
    'client.user': 'remote_user',
    'server.ip': 'upstream_addr',
    'server.host': 'host',
    bytesToServer: 'request_length',
    bytesToClient: 'body_bytes_sent',
    method: 'request_method',
    url: 'uri',
    status: 'status',
    agent: 'http_user_agent',
    referrer: 'http_referer',
  },
};

function recordsOf(file: string, choice: FormatChoice): readonly LogRecord[] {
  return readingsOf(`nginx/${file}.log`, choice).map(recordOf);
}

const FILES: readonly (readonly [string, FormatChoice])[] = [
  ['combined', 'nginx'],
  ['common', COMMON],
  ['upstream_ext', UPSTREAM_EXT],
  ['json_escape', JSON_TEMPLATE],
  ['json_escape', JSON_MAPPING],
  ['syslog_rfc3164', 'nginx'],
];

/** When each request ended, in seconds after the first. */
const SECONDS = [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3];

test.each(FILES)(
  'Every line of %s, read as %j, tells client, user, method and outcome as they were',
  (file, choice) => {
    const records = recordsOf(file, choice);
    expect(records).toHaveLength(13);
    for (const [index, row] of truth.entries()) {
      const record = records[index];
      expect(record?.client?.ip, row.id).toBe(row.client_ip);
      expect(record?.client?.user ?? '', row.id).toBe(row.user);
      expect(record?.method ?? '', row.id).toBe(row.method);
      // nginx's own code for a client that left is not known to a mapping.
      const aborted = choice === JSON_MAPPING ? 'failure' : 'aborted';
      const expected = { ok: 'success', failed: 'failure', aborted }[row.outcome ?? ''];
      expect(record?.outcome, row.id).toBe(expected);
      expect(Math.floor((record?.timeMs ?? 0) / 1_000), row.id).toBe(1_795_493_361 + (SECONDS[index] ?? 0));
    }
  },
);

test('The server is the upstream that served in the end, and nobody where nginx answered by itself', () => {
  for (const [file, choice] of [
    ['upstream_ext', UPSTREAM_EXT],
    ['json_escape', JSON_TEMPLATE],
  ] as const) {
    const records = recordsOf(file, choice);
    for (const [index, row] of truth.entries()) {
      const last = row.upstream?.split(', ').at(-1) ?? '';
      const server = records[index]?.server;
      expect(server?.host, row.id).toBe('portal.hosp.example');
      expect(records[index]?.reached, row.id).toBe(last === '' ? 'nobody' : 'server');
      const written =
        server?.ip === undefined ? '' : `${server.ip.includes(':') ? `[${server.ip}]` : server.ip}:${server.port}`;
      expect(written, row.id).toBe(last);
    }
  }
});

test('The size of an upload is what went to the upstream, else what came from the client; combined has none', () => {
  expect(recordsOf('combined', 'nginx').every(({ bytesToServer }) => bytesToServer === undefined)).toBe(true);
  const received = recordsOf('upstream_ext', UPSTREAM_EXT).map(({ bytesToServer }) => bytesToServer);
  expect(received).toEqual([89, 1_048_766, 118, 209, 208, 67_075, 132, 130, 89, 178, 98, 262_325, 0]);
  const sent = recordsOf('json_escape', JSON_TEMPLATE).map(({ bytesToServer }) => bytesToServer);
  for (const [index, row] of truth.entries()) {
    // N05 was received and not delivered: its upstream refused, and got 0 bytes.
    if (row.id === 'N05') expect(sent[index]).toBe(0);
    else if (Number(row.up_body) > 0) {
      expect(received[index], row.id).toBeGreaterThanOrEqual(Number(row.up_body));
      expect(received[index], row.id).toBeLessThan(Number(row.up_body) + 250);
      expect(sent[index], row.id).toBeGreaterThanOrEqual(Number(row.up_body));
      expect(sent[index], row.id).toBeLessThan(Number(row.up_body) + 250);
    }
  }
});

test('What the client received is the body, which holds the chunk sizes where the reply was chunked', () => {
  for (const [file, choice] of FILES) {
    const received = recordsOf(file, choice).map(({ bytesToClient }) => bytesToClient);
    // N06, N10 and N12 were sent in chunks: 24, 21 and 25 bytes of body.
    expect(received, file).toEqual([20, 26, 500_000, 21, 157, 49, 20, 20, 0, 46, 0, 50, 157]);
  }
});

test('User agent and referrer come out of every kind of escape', () => {
  for (const [file, choice] of FILES.filter(([it]) => it !== 'common')) {
    const records = recordsOf(file, choice);
    expect(records[7]?.agent, file).toBe('odd "ua" \\ é\tz');
    expect(records[7]?.referrer, file).toBe('http://r.example/?"q"');
    expect(records[12]?.url, file).toBeUndefined();
  }
});

test('JSON that nginx did not escape as JSON is read all the same', () => {
  const choice: FormatChoice = { json: { time: 't', 'client.ip': 'ip', agent: 'ua', url: 'uri' } };
  const records = recordsOf('json_defaultescape', choice);
  expect(records.map(({ client }) => client?.ip)).toEqual(truth.map(({ client_ip }) => client_ip));
  expect(records[7]?.agent).toBe('odd "ua" \\ é\tz');
  expect(records[2]?.url).toBe('/export?sz=500000&ct=application/zip');
  expect(records[12]?.url).toBeUndefined();
});

test('A server in New York writes the same instant in every format', () => {
  const files: readonly (readonly [string, FormatChoice])[] = [
    ['tz_newyork_combined', 'nginx'],
    ['tz_newyork_json_escape', JSON_TEMPLATE],
    ['tz_newyork_json_escape', JSON_MAPPING],
  ];
  for (const [file, choice] of files) {
    const [record] = recordsOf(file, choice);
    expect(Math.floor((record?.timeMs ?? 0) / 1_000) * 1_000, file).toBe(Date.UTC(2026, 10, 24, 4, 18, 29));
  }
});

test('The error log is not nginx access log', () => {
  const kinds = readingsOf('nginx/error.log', 'nginx').map(({ kind }) => kind);
  expect(kinds).toEqual(Array.from({ length: 5 }, () => 'unreadable'));
});
