import { createSplitter } from '../engines/delimited.ts';
import { firstTold, type Lookup } from '../engines/lookup.ts';
import { namedColumns } from '../engines/named-columns.ts';
import { compileTable, type RecordTable, type Remarks, type RemarksDraft } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import { BLANK_LINE, isBlank } from '../values/blank-line.ts';
import { proxiedOutcome } from '../values/http-outcome.ts';
import { isoTimeUtc } from '../values/log-time.ts';
import { skipped, unreadable } from '../values/reading.ts';

/**
 * By "Web Log Formats": the request size is that of the request, the response size that of the response, in bytes;
 * timestamps are UTC; the destination is the address of the server. The list has grown at its end.
 */
const table: RecordTable = {
  kind: 'http',
  nothing: [''],
  time: [isoTimeUtc('timestamp')],
  client: { ip: ['internal client ip', 'external client ip'], user: ['policy identity label'] },
  server: { ip: ['destination ip'] },
  bytesToServer: ['request size'],
  bytesToClient: ['response size'],
  method: ['request method'],
  url: ['url'],
  status: ['status code'],
  contentType: ['content type'],
  agent: ['user agent'],
  referrer: ['referer'],
  proxyResult: ['action'],
  remarks,
};

function remarks(lookup: Lookup): Remarks {
  const found: RemarksDraft = {};
  const verdict = lookup('dlp status');
  const name = lookup('file name');
  if (verdict !== undefined && /block|match|violat|monitor/i.test(verdict)) found.dlp = { engine: verdict };
  if (name !== undefined) found.file = { path: name, operation: 'write' };
  if (lookup('action')?.toUpperCase() === 'BLOCKED') {
    found.outcome = 'denied';
    found.reached = 'nobody';
    return found;
  }
  const outcome = proxiedOutcome(lookup('status code'));
  if (outcome !== undefined) found.outcome = outcome;
  found.reached = 'server';
  return found;
}

const COLUMNS = [
  ...['timestamp', 'policy identity label', 'internal client ip', 'external client ip', 'destination ip'],
  ...['content type', 'action', 'url', 'referer', 'user agent', 'status code', 'request size', 'response size'],
  ...['response body size', 'sha-sha256', 'categories', 'av detections', 'puas', 'amp disposition'],
  ...['amp malware name', 'amp score', 'policy identity type', 'blocked categories', 'identities'],
  ...['identity types', 'request method', 'dlp status', 'certificate errors', 'file name'],
];
const REQUEST_METHOD = COLUMNS.indexOf('request method');

function reader(options: ReaderOptions): LineReader {
  const { split, columns } = createSplitter({ separator: ',', quotes: 'doubled' });
  const read = compileTable(table, options);
  const lookup = namedColumns(COLUMNS, columns);
  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (!split(text)) return BAD_QUOTES;
    if (firstTold(lookup, ['timestamp'])?.toLowerCase() === 'timestamp') return COLUMN_NAMES;
    return columns.count <= REQUEST_METHOD ? OLD_VERSION : read(lookup, context);
  };
}

const COLUMN_NAMES = skipped('names of the columns');
const BAD_QUOTES = unreadable('a quote is not closed');
const OLD_VERSION = unreadable(
  'the line has no method of the request: it is no web log, or of a schema before version 4',
);

const samples: readonly Sample[] = [
  {
    line: '"2026-11-24 04:04:56","J Doe (jdoe@hosp.example)","10.1.2.3","198.51.100.4","192.0.2.9","application/json","ALLOWED","https://up.vendor.example/in/a.837","https://portal.hosp.example/","Mozilla/5.0 (""X"")","201","1048840","312","120","","Health and Medicine","","","","","","AD Users","","J Doe (jdoe@hosp.example),HQ","AD Users,Networks","POST","","","a.837","","","","","","","","SWA"',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '10.1.2.3', user: 'J Doe (jdoe@hosp.example)' },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      method: 'POST',
      url: 'https://up.vendor.example/in/a.837',
      status: 201,
      contentType: 'application/json',
      file: { path: 'a.837', operation: 'write' },
      outcome: 'success',
      agent: 'Mozilla/5.0 ("X")',
      referrer: 'https://portal.hosp.example/',
      proxyResult: 'ALLOWED',
      reached: 'server',
    },
  },
  {
    line: '"2026-11-24 04:05:01","HQ","10.1.2.4","198.51.100.4", "","","BLOCKED","https://drop.example/x","","","403","5120","","","","File Transfer Services","","","","","","Networks","File Transfer Services","HQ","Networks","PUT","BLOCKED","","census.csv"',
    record: {
      kind: 'http',
      time: '2026-11-24T04:05:01.000Z',
      client: { ip: '10.1.2.4', user: 'HQ' },
      server: { port: 443, host: 'drop.example' },
      bytesToServer: 5_120,
      method: 'PUT',
      url: 'https://drop.example/x',
      status: 403,
      file: { path: 'census.csv', operation: 'write' },
      outcome: 'denied',
      dlp: { engine: 'BLOCKED' },
      proxyResult: 'BLOCKED',
      reached: 'nobody',
    },
  },
];

/** Cisco Umbrella secure web gateway. */
export const ciscoUmbrella: Format = {
  name: 'cisco-umbrella',
  product: 'Cisco Umbrella web (proxy) log, CSV from the S3 bucket',
  manual: 'https://docs.umbrella.com/umbrella-user-guide/docs/web-log-formats; "Log Formats and Versioning"',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    method: 'always',
    url: 'always',
    status: 'sometimes',
    contentType: 'sometimes',
    file: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
    dlp: 'sometimes',
    proxyResult: 'always',
    reached: 'always',
  },
  blindSpots: [
    {
      missing: 'some sizes and addresses: Umbrella leaves them empty where it does not know them',
      consequence: 'such an upload has no size, or its receiver no location',
    },
    {
      missing: 'the last ten minutes: files are uploaded to the bucket in intervals, and not always in order',
      consequence: 'alerts come so much later',
    },
    {
      missing: 'what DNS and firewall policies saw: these logs are other files of the bucket',
      consequence: 'only what went through the web gateway is judged',
    },
  ],
  samples,
  reader,
};
