import type { Lookup } from '../../engines/lookup.ts';
import type { RecordTable, Remarks } from '../../engines/record-table.ts';
import type { Format, Sample } from '../../format.ts';
import { dateAndTime } from '../../values/log-time.ts';
import { urlFromParts } from '../../values/url-from-parts.ts';
import type { W3cHeader } from './header.ts';
import { w3cReader } from './reader.ts';
import { writerOf } from './writer.ts';

/**
 * Microsoft IIS, where we are the server. By "W3C Logging": times are UTC; `s-ip` is this server; `cs-bytes` are those
 * that the server received, `sc-bytes` those that it sent; `time-taken` counts milliseconds. A blank in a header is
 * written as `+`.
 */
export const iisTable: RecordTable = {
  kind: 'http',
  nothing: ['-'],
  time: [dateAndTime('date', 'time', true)],
  client: { ip: ['c-ip'], port: ['c-port'], user: ['cs-username'] },
  server: { ip: ['s-ip'], port: ['s-port'], host: ['cs-host'] },
  bytesToServer: ['cs-bytes'],
  bytesToClient: ['sc-bytes'],
  duration: { names: ['time-taken'], unit: 'milliseconds' },
  method: ['cs-method'],
  url: (lookup) =>
    urlFromParts({
      scheme: undefined,
      host: undefined,
      port: undefined,
      path: lookup('cs-uri-stem'),
      query: lookup('cs-uri-query'),
    }),
  status: ['sc-status'],
  agent: ['cs(user-agent)'],
  referrer: ['cs(referer)'],
  remarks,
};

/** Windows error codes for a client that left: ERROR_NETNAME_DELETED and ERROR_CONNECTION_ABORTED. */
const CLIENT_LEFT = new Set(['64', '1236']);

function remarks(lookup: Lookup): Remarks {
  if (CLIENT_LEFT.has(lookup('sc-win32-status') ?? '')) return { outcome: 'aborted' };
  const status = lookup('sc-status');
  if (status === undefined) return {};
  if (status === '401' || status === '403') return { outcome: 'denied' };
  return { outcome: status >= '500' ? 'failure' : 'success' };
}

/** "W3C Logging": what is selected unless somebody selects otherwise. */
const DEFAULT_FIELDS =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken';

const RECOMMENDED = {
  file: 'an elevated PowerShell',
  line: 'Set-WebConfigurationProperty -PSPath MACHINE/WEBROOT/APPHOST -Filter system.applicationHost/sites/siteDefaults/logFile -Name logExtFileFlags -Value "Date,Time,ClientIP,UserName,ServerIP,Method,UriStem,UriQuery,HttpStatus,Win32Status,BytesSent,BytesRecv,TimeTaken,ServerPort,UserAgent,Referer,Host,HttpSubStatus"',
};

/** A header without a name and without a field of its own may be anybody's, and so IIS's. */
function tableOf(header: W3cHeader): RecordTable | undefined {
  return (writerOf(header) ?? 'iis') === 'iis' ? iisTable : undefined;
}

const samples: readonly Sample[] = [
  { line: '#Software: Microsoft Internet Information Services 10.0', record: 'skipped' },
  { line: '#Date: 2026-11-24 04:00:00', record: 'skipped' },
  { line: `#Fields: ${DEFAULT_FIELDS}`, record: 'skipped' },
  {
    line: '2026-11-24 04:04:56 10.0.0.5 GET /charts/list.aspx ward=3 443 HOSP\\jdoe 192.0.2.17 Mozilla/5.0+(Windows+NT+10.0) https://portal.hosp.example/ 200 0 0 93',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '192.0.2.17', user: 'HOSP\\jdoe' },
      server: { ip: '10.0.0.5', port: 443 },
      durationMs: 93,
      method: 'GET',
      url: '/charts/list.aspx?ward=3',
      status: 200,
      outcome: 'success',
      agent: 'Mozilla/5.0+(Windows+NT+10.0)',
      referrer: 'https://portal.hosp.example/',
    },
  },
  {
    line: '#Fields: date time s-ip cs-method cs-uri-stem s-port c-ip cs-host sc-status sc-win32-status sc-bytes cs-bytes time-taken',
    record: 'skipped',
  },
  {
    line: '2026-11-24 04:05:01 10.0.0.5 GET /export/all.zip 443 192.0.2.18 Portal.Hosp.Example 200 64 524288 611 4007',
    record: {
      kind: 'http',
      time: '2026-11-24T04:05:01.000Z',
      client: { ip: '192.0.2.18' },
      server: { ip: '10.0.0.5', port: 443, host: 'portal.hosp.example' },
      bytesToServer: 611,
      bytesToClient: 524_288,
      durationMs: 4_007,
      method: 'GET',
      url: '/export/all.zip',
      status: 200,
      outcome: 'aborted',
    },
  },
];

/** Microsoft IIS. */
export const iis: Format = {
  name: 'iis',
  product: 'Microsoft IIS, W3C extended',
  manual: 'Microsoft Learn, "W3C Logging" and "Log Files for a Web Site <logFile>"',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    durationMs: 'always',
    method: 'always',
    url: 'always',
    status: 'always',
    outcome: 'always',
    agent: 'sometimes',
    referrer: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'the bytes that were sent and received, which IIS does not log unless it is told to',
      consequence: 'what a client took away has no size, and a response without a size is no transfer',
      remedy: RECOMMENDED,
    },
    {
      missing: 'the client behind a load balancer',
      consequence: 'the address in the log is that of the load balancer, which is ours',
    },
    {
      missing: 'the media type of what was sent',
      consequence: 'a download is judged by its URL and its receiver',
    },
  ],
  samples,
  reader: (options) => w3cReader({ tableOf, separator: ' ', defaultFields: DEFAULT_FIELDS.split(' ') }, options),
};
