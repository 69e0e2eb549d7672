import { readOffset } from '../../time/iso.ts';
import { createPairReader } from '../engines/key-value.ts';
import { firstTold, type Lookup } from '../engines/lookup.ts';
import { compileTable, type RecordTable, type Remarks } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import { BLANK_LINE, isBlank } from '../values/blank-line.ts';
import { digitsOf } from '../values/digits.ts';
import { dateAndTime, epochTime, type LogTime } from '../values/log-time.ts';
import { skipped, unreadable } from '../values/reading.ts';

const localTime = dateAndTime('date', 'time', false);

/** With `tz="-0800"` beside it the local time is an instant. */
const zonedTime: LogTime = (lookup) => {
  const offset = readOffset(lookup('tz') ?? '', 0);
  if (offset === undefined) return undefined;
  const wallMs = dateAndTime('date', 'time', true)(lookup, UNUSED_ZONE, 0);
  return wallMs === undefined ? undefined : wallMs - offset.ms;
};
const UNUSED_ZONE = { toUtcMs: (wallMs: number) => wallMs };

const common = {
  nothing: ['', 'N/A', 'n/a'],
  // `eventtime` counts seconds up to FortiOS 6.0, and nanoseconds from 6.2 on.
  time: [epochTime('eventtime'), zonedTime, localTime],
  client: { ip: ['srcip'], port: ['srcport'], user: ['user', 'unauthuser'] },
  server: { ip: ['dstip'], port: ['dstport'], host: ['hostname', 'dstname', 'scertcname'] },
  session: ['sessionid'],
  proxyResult: ['action'],
} as const;

/**
 * By "FortiOS Log Message Reference": `sentbyte` are the bytes from the source to the destination, `rcvdbyte` those back;
 * `duration` counts seconds. A session that goes on for long is logged time and again with counts that grow; what was
 * added since the last time is `sentdelta` and `rcvddelta`.
 */
const traffic: RecordTable = {
  ...common,
  kind: 'flow',
  bytesToServer: ['sentdelta', 'sentbyte'],
  bytesToClient: ['rcvddelta', 'rcvdbyte'],
  duration: { names: ['duration'], unit: 'seconds' },
  remarks: trafficRemarks,
};

/** Verdicts on one request within a session: who, where to, and what was found; sizes only where they are logged. */
const utm: RecordTable = {
  ...common,
  kind: 'http',
  bytesToServer: ['sentbyte'],
  bytesToClient: ['rcvdbyte'],
  method: ['httpmethod', 'reqmethod'],
  url: urlOf,
  contentType: ['contenttype'],
  agent: ['agent'],
  referrer: ['referralurl'],
  remarks: utmRemarks,
};

function trafficRemarks(lookup: Lookup): Remarks {
  const action = lookup('action') ?? '';
  if (action === 'start') return { skip: 'the beginning of a session: its end tells what moved' };
  if (action === 'deny' || action === 'blocked' || lookup('utmaction') === 'block') return { outcome: 'denied' };
  if (action === 'ip-conn' || action === 'dns') return { outcome: 'failure' };
  return ENDED.has(action) ? { outcome: 'success' } : {};
}

/** However a session ended, it was allowed; its counts tell what moved. */
const ENDED = new Set(['accept', 'close', 'client-rst', 'server-rst', 'timeout', 'passthrough']);

const BLOCKED = new Set(['block', 'blocked', 'deny', 'ban', 'quarantine', 'dropped', 'reset']);

function utmRemarks(lookup: Lookup): Remarks {
  const isBlocked = BLOCKED.has(lookup('action') ?? '');
  const outcome = isBlocked ? ('denied' as const) : ('success' as const);
  const name = lookup('filename');
  // Incoming is what came back to the source, outgoing what it sent.
  const isUpload = lookup('direction') !== 'incoming';
  const file = name === undefined ? {} : { file: { path: name, operation: isUpload ? 'write' : 'read' } as const };
  if (lookup('subtype') === 'dlp') {
    const size = lookup('filesize');
    const bytes = size === undefined ? Number.NaN : digitsOf(size, 0, size.length);
    const moved = Number.isNaN(bytes) ? {} : isUpload ? { bytesToServer: bytes } : { bytesToClient: bytes };
    const rule = firstTold(lookup, ['filtername', 'rulename', 'dlpextra', 'filtertype']);
    return {
      kind: 'flow',
      outcome,
      ...file,
      dlp: { engine: lookup('profile') ?? 'dlp', ...(rule !== undefined && { rule }) },
      ...moved,
      ...(isUpload ? { bytesToClient: 0 } : { bytesToServer: 0 }),
    };
  }
  const hasMethod = firstTold(lookup, ['httpmethod', 'reqmethod']) !== undefined;
  return hasMethod ? { outcome, ...file } : { kind: 'flow', outcome, ...file };
}

/** From 7.0 on `url` is whole, before it was the path alone. */
function urlOf(lookup: Lookup): string | undefined {
  const url = lookup('url');
  const host = lookup('hostname');
  if (url === undefined || url.includes('://') || host === undefined) return url;
  const isTls = lookup('service')?.toUpperCase() === 'HTTPS' || lookup('dstport') === '443';
  return `${isTls ? 'https' : 'http'}://${host}${url.startsWith('/') ? '' : '/'}${url}`;
}

const UTM_SUBTYPES = new Set(['webfilter', 'dlp', 'file-filter']);

function reader(options: ReaderOptions): LineReader {
  const blanks = createPairReader({ separator: ' ', bare: 'word', quotes: true });
  const commas = createPairReader({ separator: ',', bare: 'word', quotes: true });
  const [readTraffic, readUtm] = [compileTable(traffic, options), compileTable(utm, options)];
  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    const start = text.charCodeAt(0) === LESS_THAN ? text.indexOf('>') + 1 : 0;
    const lookup = beginsWithPair(text, start) ? (hasCommas(text, start) ? commas : blanks)(text, start) : undefined;
    if (lookup === undefined) return NO_PAIRS;
    const [type, subtype] = [lookup('type'), lookup('subtype')];
    if (type === 'traffic') return readTraffic(lookup, context);
    if (type === 'utm' && UTM_SUBTYPES.has(subtype ?? '')) return readUtm(lookup, context);
    return type === undefined ? NO_TYPE : OTHER_LOG;
  };
}

/** Pairs within something else, such as JSON, are not those of the firewall. */
function beginsWithPair(text: string, start: number): boolean {
  return /^[a-z]\w{0,31}=/i.test(text.slice(start, start + LONGEST_KEY + 1));
}

const LONGEST_KEY = 33;

/** `set format csv` writes a comma behind the first value. */
function hasCommas(text: string, start: number): boolean {
  const blank = text.indexOf(' ', start);
  const comma = text.indexOf(',', start);
  return comma !== -1 && (blank === -1 || comma < blank);
}

const LESS_THAN = 60;
const NO_PAIRS = unreadable('the line does not begin with key=value');
const NO_TYPE = unreadable('the line has no type');
const OTHER_LOG = skipped('a log of the firewall that tells of no transfer');

const samples: readonly Sample[] = [
  {
    line: 'date=2026-11-24 time=04:04:56 devname="fg1" devid="FG100FTK20000001" eventtime=1795493096168433152 tz="-0500" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.2.3 srcport=51514 srcintf="lan" dstip=192.0.2.9 dstport=443 dstintf="wan1" srccountry="Reserved" dstcountry="India" sessionid=33817 proto=6 action="close" policyid=12 service="HTTPS" user="jdoe" hostname="up.vendor.example" duration=65 sentbyte=1048840 rcvdbyte=312 sentpkt=700 rcvdpkt=240 appcat="unscanned"',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:56.168Z',
      client: { ip: '10.1.2.3', port: 51_514, user: 'jdoe' },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      durationMs: 65_000,
      session: '33817',
      outcome: 'success',
      proxyResult: 'close',
    },
  },
  {
    line: '<189>date=2026-11-23 time=23:06:56 devname="fg1" tz="-0500" logid="0000000020" type="traffic" subtype="forward" srcip=10.1.2.3 srcport=51514 dstip=192.0.2.9 dstport=443 sessionid=33817 proto=6 action="accept" duration=185 sentbyte=9048840 rcvdbyte=30312 sentdelta=4000000 rcvddelta=15000',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:06:56.000Z',
      client: { ip: '10.1.2.3', port: 51_514 },
      server: { ip: '192.0.2.9', port: 443 },
      bytesToServer: 4_000_000,
      bytesToClient: 15_000,
      durationMs: 185_000,
      session: '33817',
      outcome: 'success',
      proxyResult: 'accept',
    },
  },
  {
    line: 'date=2026-11-24,time=04:05:01,eventtime=1795493101,logid="0317013312",type="utm",subtype="webfilter",eventtype="ftgd_allow",srcip=10.1.2.3,srcport=51515,dstip=192.0.2.9,dstport=443,sessionid=33818,action="passthrough",service="HTTPS",hostname="up.vendor.example",url="/in?a=1,2",httpmethod="POST",reqtype="direct",sentbyte=70021,rcvdbyte=5120,direction="outgoing",agent="curl/8.5.0",catdesc="Health and Wellness"',
    record: {
      kind: 'http',
      time: '2026-11-24T04:05:01.000Z',
      client: { ip: '10.1.2.3', port: 51_515 },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      bytesToServer: 70_021,
      bytesToClient: 5_120,
      method: 'POST',
      url: 'https://up.vendor.example/in?a=1,2',
      session: '33818',
      outcome: 'success',
      agent: 'curl/8.5.0',
      proxyResult: 'passthrough',
    },
  },
  {
    line: 'date=2026-11-24 time=04:05:08 eventtime=1795493108 logid="0954024577" type="utm" subtype="dlp" eventtype="dlp" level="notice" filtername="ssn-list" filtertype="sensor" filtercat="file" severity="high" policyid=12 sessionid=33819 srcip=10.1.2.3 srcport=51516 dstip=192.0.2.9 dstport=443 proto=6 service="HTTPS" filetype="csv" direction="outgoing" action="log-only" hostname="up.vendor.example" url="https://up.vendor.example/in" filename="census \\"may\\".csv" filesize=16360 profile="phi"',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:05:08.000Z',
      client: { ip: '10.1.2.3', port: 51_516 },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      bytesToServer: 16_360,
      bytesToClient: 0,
      url: 'https://up.vendor.example/in',
      file: { path: 'census "may".csv', operation: 'write' },
      session: '33819',
      outcome: 'success',
      dlp: { engine: 'phi', rule: 'ssn-list' },
      proxyResult: 'log-only',
    },
  },
  {
    line: 'date=2026-11-24 time=04:05:09 eventtime=1795493109 type="event" subtype="system" action="login" status="success" user="admin"',
    record: 'skipped',
  },
];

/** Fortinet FortiGate and FortiProxy. */
export const fortigate: Format = {
  name: 'fortigate',
  product: 'Fortinet FortiGate and FortiProxy traffic, web filter, DLP and file filter logs',
  manual:
    'FortiOS Log Message Reference 7.0 and 7.6: 13 LOG_ID_TRAFFIC_END_FORWARD, 20 LOG_ID_TRAFFIC_STAT, 24577 LOG_ID_DLP_NOTIF',
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
    proxyResult: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'sessions of policies that log security events only',
      consequence: 'what was allowed and found harmless leaves no trace',
      remedy: { file: 'config firewall policy', line: 'set logtraffic all' },
    },
    {
      missing: 'the name of the server in traffic logs, unless names are looked up',
      consequence: 'a vendor is known there by its networks alone',
      remedy: { file: 'config log setting', line: 'set resolve-ip enable' },
    },
    {
      missing: 'pages that a web filter allows, unless their category is monitored',
      consequence: 'an upload is seen as a session, without its URL and method',
      remedy: { file: 'config webfilter profile', line: 'set log-all-url enable\nset extended-log enable' },
    },
    {
      missing: 'what a session that was logged before had moved by then, in its last line',
      consequence: 'the bytes of a long session that ends without sentdelta are counted twice',
    },
  ],
  samples,
  reader,
};
