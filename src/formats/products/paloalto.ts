import { createSplitter } from '../engines/delimited.ts';
import type { Lookup } from '../engines/lookup.ts';
import { namedColumns } from '../engines/named-columns.ts';
import { compileTable, type RecordTable, type Remarks } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import { BLANK_LINE, isBlank } from '../values/blank-line.ts';
import { slashedTime } from '../values/log-time.ts';
import { skipped, unreadable } from '../values/reading.ts';

/** What TRAFFIC and THREAT have in common, in the manual's order; `_` is its FUTURE_USE. */
const COMMON =
  '_ receive_time serial type subtype _ time_generated src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset _ sessionid repeatcnt sport dport natsport natdport flags proto action';
const TRAFFIC = `${COMMON} bytes bytes_sent bytes_received packets start elapsed category`.split(' ');
const THREAT =
  `${COMMON} misc threatid category severity direction seqno actionflags srcloc dstloc _ contenttype pcap_id filedigest cloud url_idx user_agent filetype xff referer sender subject recipient reportid dg_1 dg_2 dg_3 dg_4 vsys_name device_name _ src_uuid dst_uuid http_method`.split(
    ' ',
  );

const ends = {
  client: { ip: ['src'], port: ['sport'], user: ['srcuser'] },
  server: { ip: ['dst'], port: ['dport'] },
} as const;

/** The words of a field that says nothing; `0.0.0.0` where there was no NAT. */
const nothing = ['', '0.0.0.0', 'unknown'];

/**
 * By "Traffic Log Fields": `bytes_sent` are those from the client to the server of the session, `bytes_received` those
 * from the server to the client; `elapsed` counts seconds. A session is logged at its end; at its beginning, or when it
 * goes on for long, its counts are not final.
 */
const traffic: RecordTable = {
  ...ends,
  kind: 'flow',
  nothing,
  time: [slashedTime('time_generated')],
  bytesToServer: ['bytes_sent'],
  bytesToClient: ['bytes_received'],
  duration: { names: ['elapsed'], unit: 'seconds' },
  session: ['sessionid'],
  proxyResult: ['action'],
  remarks: (lookup) => {
    const subtype = lookup('subtype');
    if (subtype === 'start') return { skip: 'the beginning of a session: its end tells what moved' };
    if (subtype === 'deny' || subtype === 'drop') return { outcome: 'denied' };
    const action = lookup('action') ?? '';
    if (action === 'allow') return { outcome: 'success' };
    return /^(?:deny|drop|reset|block)/.test(action) ? { outcome: 'denied' } : {};
  },
};

/**
 * By "Threat Log Fields", "URL Filtering Log Fields" and "Data Filtering Log Fields": `misc` is the URL, without its
 * scheme, or the name of a file; `direction` says who sent what was found. No sizes are logged.
 */
const threat: RecordTable = {
  ...ends,
  kind: 'http',
  nothing,
  time: [slashedTime('time_generated')],
  url: (lookup) => {
    if (lookup('subtype') !== 'url') return undefined;
    const target = lookup('misc');
    if (target === undefined) return undefined;
    const scheme = lookup('app') === 'ssl' || lookup('dport') === '443' ? 'https' : 'http';
    return `${scheme}://${target}`;
  },
  contentType: ['contenttype'],
  session: ['sessionid'],
  agent: ['user_agent'],
  referrer: ['referer'],
  proxyResult: ['action'],
  remarks: threatRemarks,
};

function threatRemarks(lookup: Lookup): Remarks {
  const subtype = lookup('subtype');
  const action = lookup('action') ?? '';
  const isBlocked = /^(?:block|deny|drop|reset|random-drop|sinkhole)/.test(action);
  const outcome = isBlocked ? ('denied' as const) : ('success' as const);
  if (subtype === 'url') {
    const method = lookup('http_method')?.toUpperCase();
    return method === undefined ? { kind: 'flow', outcome } : { outcome, method };
  }
  if (subtype !== 'data' && subtype !== 'file')
    return { skip: 'neither a URL, nor a file, nor a data filtering verdict' };
  const path = lookup('misc');
  const isUpload = lookup('direction') === 'client-to-server' || lookup('direction') === '0';
  return {
    kind: 'flow',
    outcome,
    ...(path !== undefined && { file: { path, operation: isUpload ? ('write' as const) : ('read' as const) } }),
    ...(subtype === 'data' && { dlp: { engine: 'data filtering', ...ruleOf(lookup('threatid')) } }),
    // What was found went one way only: towards the other side nothing is said.
    ...(isUpload ? { bytesToClient: 0 } : { bytesToServer: 0 }),
  };
}

function ruleOf(threat: string | undefined): { readonly rule?: string } {
  return threat === undefined ? {} : { rule: threat };
}

function reader(options: ReaderOptions): LineReader {
  const { split, columns } = createSplitter({ separator: ',', quotes: 'doubled' });
  const readTraffic = compileTable(traffic, options);
  const readThreat = compileTable(threat, options);
  const [trafficColumns, threatColumns] = [namedColumns(TRAFFIC, columns), namedColumns(THREAT, columns)];
  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (!split(text)) return BAD_QUOTES;
    switch (columns.at(TYPE)) {
      case 'TRAFFIC':
        return columns.count < FEWEST_TRAFFIC ? TOO_SHORT : readTraffic(trafficColumns, context);
      case 'THREAT':
        return columns.count < FEWEST_THREAT ? TOO_SHORT : readThreat(threatColumns, context);
      default:
        return OTHER_TYPES.has(columns.at(TYPE) ?? '') ? OTHER_LOG : NO_TYPE;
    }
  };
}

const TYPE = COMMON.split(' ').indexOf('type');
const FEWEST_TRAFFIC = TRAFFIC.indexOf('elapsed') + 1;
const FEWEST_THREAT = THREAT.indexOf('direction') + 1;
const OTHER_TYPES = new Set(
  'SYSTEM CONFIG HIPMATCH CORRELATION USERID AUTHENTICATION AUTH DECRYPTION GLOBALPROTECT TUNNEL SCTP GTP IPTAG AUDIT'.split(
    ' ',
  ),
);
const OTHER_LOG = skipped('a log of the firewall that tells of no transfer');
const NO_TYPE = unreadable('the fourth value is no type of log that PAN-OS writes');
const TOO_SHORT = unreadable(
  'the line ends before the fields that are needed: it was cut, or its format is not the default one',
);
const BAD_QUOTES = unreadable('a quote is not closed');

const samples: readonly Sample[] = [
  {
    line: '1,2026/11/24 04:04:56,007051000012345,TRAFFIC,end,2560,2026/11/24 04:04:55,10.1.2.3,192.0.2.9,198.51.100.4,192.0.2.9,allow-out,hosp\\jdoe,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,siem,2026/11/24 04:04:56,33817,1,51514,443,20514,443,0x400053,tcp,allow,1049152,1048840,312,940,2026/11/24 04:03:50,65,business-and-economy,0,7310812,0x0,10.0.0.0-10.255.255.255,India,0,700,240,tcp-fin',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:55.000Z',
      client: { ip: '10.1.2.3', port: 51_514, user: 'hosp\\jdoe' },
      server: { ip: '192.0.2.9', port: 443 },
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      durationMs: 65_000,
      session: '33817',
      outcome: 'success',
      proxyResult: 'allow',
    },
  },
  {
    line: '1,2026/11/24 04:04:56,007051000012345,TRAFFIC,start,2560,2026/11/24 04:04:55,10.1.2.3,192.0.2.9,198.51.100.4,192.0.2.9,allow-out,,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,siem,2026/11/24 04:04:56,33817,1,51514,443,20514,443,0x400053,tcp,allow,680,620,60,5,2026/11/24 04:04:54,0,any,0,7310811,0x0,10.0.0.0-10.255.255.255,India,0,4,1,n/a',
    record: 'skipped',
  },
  {
    line: '1,2026/11/24 04:05:02,007051000012345,THREAT,url,2560,2026/11/24 04:05:01,10.1.2.3,192.0.2.9,198.51.100.4,192.0.2.9,allow-out,hosp\\jdoe,,web-browsing,vsys1,trust,untrust,ethernet1/2,ethernet1/1,siem,2026/11/24 04:05:02,33818,1,51515,443,20515,443,0x40b000,tcp,alert,"up.vendor.example/in?a=1,2",(9999),health-and-medicine,informational,client-to-server,7310813,0x0,10.0.0.0-10.255.255.255,India,0,application/json,0,,,1,"curl/8.5.0 ""x""",,,https://portal.hosp.example/,,,,0,0,0,0,0,vsys1,pa-fw1,,,,post',
    record: {
      kind: 'http',
      time: '2026-11-24T04:05:01.000Z',
      client: { ip: '10.1.2.3', port: 51_515, user: 'hosp\\jdoe' },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      method: 'POST',
      url: 'https://up.vendor.example/in?a=1,2',
      contentType: 'application/json',
      session: '33818',
      outcome: 'success',
      agent: 'curl/8.5.0 "x"',
      referrer: 'https://portal.hosp.example/',
      proxyResult: 'alert',
    },
  },
  {
    line: 'Nov 24 04:05:09 pa-fw1 1,2026/11/24 04:05:09,007051000012345,THREAT,data,2560,2026/11/24 04:05:08,10.1.2.3,192.0.2.9,198.51.100.4,192.0.2.9,allow-out,hosp\\jdoe,,web-browsing,vsys1,trust,untrust,ethernet1/2,ethernet1/1,siem,2026/11/24 04:05:09,33819,1,51516,443,20516,443,0x40b000,tcp,alert,"census.csv",SSN(60001),any,medium,client-to-server,7310814,0x0,10.0.0.0-10.255.255.255,India,0,,0,,,0',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:05:08.000Z',
      client: { ip: '10.1.2.3', port: 51_516, user: 'hosp\\jdoe' },
      server: { ip: '192.0.2.9', port: 443 },
      bytesToClient: 0,
      file: { path: 'census.csv', operation: 'write' },
      session: '33819',
      outcome: 'success',
      dlp: { engine: 'data filtering', rule: 'SSN(60001)' },
      proxyResult: 'alert',
    },
  },
];

/** Palo Alto Networks PAN-OS. */
export const paloalto: Format = {
  name: 'paloalto',
  product: 'Palo Alto Networks PAN-OS TRAFFIC and THREAT logs (URL, file and data filtering), CSV over syslog',
  manual:
    'PAN-OS Administrator\'s Guide 10.1, "Syslog Field Descriptions": Traffic, Threat, URL Filtering and Data Filtering Log Fields',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    durationMs: 'sometimes',
    method: 'sometimes',
    url: 'sometimes',
    contentType: 'sometimes',
    file: 'sometimes',
    session: 'always',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
    dlp: 'sometimes',
    proxyResult: 'always',
  },
  blindSpots: [
    {
      missing: 'the name of the server in TRAFFIC logs',
      consequence: 'a vendor is known there by its networks alone; URL logs name it and have no sizes',
      remedy: {
        file: 'configure (URL filtering profile)',
        line: 'set profiles url-filtering phi-egress log-http-hdr-user-agent yes log-http-hdr-referer yes log-container-page-only no',
      },
    },
    {
      missing: 'the method of a request, unless the site is logged with alert and decrypted',
      consequence: 'a URL without a method counts as a connection of unknown content',
    },
    {
      missing: 'the zone of its times: they are local to the firewall',
      consequence: 'set timezone of the source to that of the firewall',
    },
    {
      missing: 'sessions whose rule does not log at session end',
      consequence: 'they leave no trace',
      remedy: { file: 'configure', line: 'set rulebase security rules allow-out log-end yes log-setting siem' },
    },
  ],
  samples,
  reader,
};
