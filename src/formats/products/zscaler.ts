import { createSplitter } from '../engines/delimited.ts';
import { createJsonLookup, readJsonLine } from '../engines/json-line.ts';
import { createPairReader } from '../engines/key-value.ts';
import { firstTold, type Lookup } from '../engines/lookup.ts';
import { namedColumns } from '../engines/named-columns.ts';
import { compileTable, type RecordTable, type Remarks, type RemarksDraft } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import { BLANK_LINE, isBlank } from '../values/blank-line.ts';
import { proxiedOutcome } from '../values/http-outcome.ts';
import { ctime, eitherTime, epochTime, isoTime } from '../values/log-time.ts';
import { unreadable } from '../values/reading.ts';

/**
 * Zscaler Internet Access web logs, as a feed of the Nanolog Streaming Service writes them. By "NSS Feed Output Format:
 * Web Logs": `reqsize` is the size of the request, header and body, `respsize` that of the response; `sip` is the
 * destination server; `cip` the client, by its internal address where Zscaler is told it; `eurl` is without its scheme.
 * A feed's keys are the operator's: taken are those of the manual, of its feeds for Splunk and of Cloud NSS.
 */
const table: RecordTable = {
  kind: 'http',
  nothing: ['None', 'NA', 'N/A', 'Unknown', '-'],
  time: [
    epochTime('epochtime'),
    eitherTime(isoTime('datetime'), ctime('datetime')),
    eitherTime(ctime('time'), isoTime('time')),
  ],
  client: {
    ip: ['cintip', 'cltintip', 'cip', 'cltip', 'ClientIP', 'clientip', 'cpubip', 'clientpublicIP'],
    host: ['devicehostname'],
    user: ['login', 'user'],
  },
  server: { ip: ['sip', 'serverip'], port: ['srvport', 'dport'], host: ['ehost', 'host', 'hostname'] },
  bytesToServer: ['reqsize', 'requestsize'],
  bytesToClient: ['respsize', 'responsesize'],
  duration: { names: ['ctime', 'clienttranstime'], unit: 'milliseconds' },
  method: ['reqmethod', 'requestmethod'],
  url: urlOf,
  status: ['respcode', 'status'],
  contentType: ['contenttype'],
  agent: ['ua', 'useragent'],
  referrer: ['ereferer', 'refererURL'],
  dlp: { engine: ['dlpeng', 'dlpengine'], rule: ['dlpdict', 'dlpdictionaries'] },
  proxyResult: ['action'],
  remarks,
};

/** Values of `proto`, and the scheme that they stand for; of the others Zscaler saw the ends and sizes alone. */
const SCHEMES: ReadonlyMap<string, string> = new Map([
  ['HTTP', 'http'],
  ['HTTP_PROXY', 'http'],
  ['HTTPS', 'https'],
  ['FTP', 'ftp'],
  ['FTPOVERHTTP', 'ftp'],
]);

function urlOf(lookup: Lookup): string | undefined {
  const encoded = lookup('b64url');
  const url = encoded === undefined ? firstTold(lookup, ['eurl', 'url']) : Buffer.from(encoded, 'base64').toString();
  if (url === undefined || url.includes('://')) return url;
  const scheme = SCHEMES.get(firstTold(lookup, ['proto', 'protocol'])?.toUpperCase() ?? '');
  const isTunnel = scheme === undefined || firstTold(lookup, ['reqmethod', 'requestmethod']) === 'CONNECT';
  return isTunnel ? url : `${scheme}://${url}`;
}

function remarks(lookup: Lookup): Remarks {
  const found: RemarksDraft = {};
  const name = firstTold(lookup, ['upload_filename', 'filename']);
  if (name !== undefined) found.file = { path: name, operation: 'write' };
  if (lookup('action')?.toLowerCase() === 'blocked') {
    // A threat was found in what came back, or went out: then the server had been spoken to.
    const hadAnswer = firstTold(lookup, ['threatname', 'malwarecat']) !== undefined;
    found.outcome = hadAnswer ? 'failure' : 'denied';
    if (!hadAnswer) found.reached = 'nobody';
    return found;
  }
  found.reached = 'server';
  if (firstTold(lookup, METHOD) === undefined) {
    // What was not decrypted has no method and no answer, but ends and sizes.
    found.kind = 'flow';
    found.outcome = 'success';
    return found;
  }
  const outcome = proxiedOutcome(firstTold(lookup, STATUS));
  if (outcome !== undefined) found.outcome = outcome;
  return found;
}

const METHOD = ['reqmethod', 'requestmethod'];
const STATUS = ['respcode', 'status'];

/** The columns of the manual's sample, in whose order a feed without keys must be. */
const COLUMNS =
  'time login proto eurl action appname appclass reqsize respsize stime ctime urlclass urlsupercat urlcat malwarecat threatname riskscore dlpeng dlpdict location dept cip sip reqmethod respcode ua ereferer ruletype rulelabel contenttype unscannabletype deviceowner devicehostname keyprotectiontype'.split(
    ' ',
  );
/** Some feeds end earlier; before the media type there is nothing to be told from the rest by. */
const FEWEST_COLUMNS = COLUMNS.indexOf('contenttype') + 1;

function reader(options: ReaderOptions): LineReader {
  const read = compileTable(table, options);
  const lookupIn = createJsonLookup();
  const commas = createSplitter({ separator: ',', quotes: 'doubled' });
  const tabs = createSplitter({ separator: '\t', quotes: 'none' });
  const [commaColumns, tabColumns] = [namedColumns(COLUMNS, commas.columns), namedColumns(COLUMNS, tabs.columns)];
  const tabPairs = createPairReader({ separator: '\t', bare: 'word', quotes: true });
  const commaPairs = createPairReader({ separator: ',', bare: 'word', quotes: true });
  const blankPairs = createPairReader({ separator: ' ', bare: 'text', quotes: true });

  function pairsOf(text: string): Lookup | undefined {
    const hasTabs = text.includes('\t');
    const pairs = hasTabs
      ? tabPairs(text, 0)
      : /^[\w-]+=[^=]*,\s*[\w-]+=/.test(text.slice(0, 512))
        ? commaPairs(text, 0)
        : blankPairs(text, 0);
    if (pairs === undefined) return undefined;
    // The manual's feed for Splunk begins with the time, which has no key.
    const [begun] = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=\s)/.exec(text) ?? [];
    return begun === undefined ? pairs : (name) => (name === 'datetime' ? begun : pairs(name));
  }

  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (text.startsWith('{')) {
      const object = readJsonLine(text);
      if (object === undefined) return BAD_JSON;
      const inner = object.event;
      const isWrapped = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
      return read(lookupIn(isWrapped ? (inner as typeof object) : object), context);
    }
    if (/^(?:[\w-]+=|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s+[\w-]+=)/.test(text)) {
      const pairs = pairsOf(text);
      return pairs === undefined ? NO_PAIRS : read(pairs, context);
    }
    const [{ split, columns }, lookup] = text.includes('\t') ? [tabs, tabColumns] : [commas, commaColumns];
    if (!split(text) || columns.count < FEWEST_COLUMNS || columns.count > COLUMNS.length) return OTHER_COLUMNS;
    return read(lookup, context);
  };
}

const BAD_JSON = unreadable('the line begins as JSON and is none');
const NO_PAIRS = unreadable('the line holds no key=value');
const OTHER_COLUMNS = unreadable(
  "the line is neither JSON nor key=value, and has not the columns of the manual's feed",
);

const RECOMMENDED = {
  file: 'Administration > Nanolog Streaming Service > NSS Feeds, Feed Output Format',
  line: '\\{"epochtime":"%d{epochtime}","login":"%s{login}","proto":"%s{proto}","eurl":"%s{eurl}","action":"%s{action}","reqmethod":"%s{reqmethod}","reqsize":"%d{reqsize}","respsize":"%d{respsize}","respcode":"%s{respcode}","cip":"%s{cip}","sip":"%s{sip}","ehost":"%s{ehost}","contenttype":"%s{contenttype}","ua":"%s{ua}","ereferer":"%s{ereferer}","threatname":"%s{threatname}","dlpeng":"%s{dlpeng}","dlpdict":"%s{dlpdict}","upload_filename":"%s{upload_filename}"\\}',
};

const uploaded = {
  kind: 'http',
  time: '2026-11-24T04:04:56.000Z',
  client: { ip: '10.1.2.3', user: 'jdoe@hosp.example' },
  server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
  bytesToServer: 1_048_840,
  bytesToClient: 312,
  durationMs: 151,
  method: 'POST',
  url: 'https://up.vendor.example/in/a.837',
  status: 201,
  contentType: 'application/json',
  outcome: 'success',
  agent: 'curl/8.5.0',
  dlp: { engine: 'HIPAA', rule: 'Medical Information' },
  proxyResult: 'Allowed',
  reached: 'server',
} as const;

const samples: readonly Sample[] = [
  {
    line: '"Tue Nov 24 04:04:56 2026","jdoe@hosp.example","HTTPS","up.vendor.example/in/a.837","Allowed","General Browsing","General Browsing","1048840","312","140","151","Business Use","Business and Economy","Professional Services","None","None","0","HIPAA","Medical Information","HQ","Billing","10.1.2.3","192.0.2.9","POST","201","curl/8.5.0","None","None","None","application/json","None","NA","NA","N/A"',
    record: uploaded,
  },
  {
    line: 'Tue Nov 24 04:04:56 2026\tjdoe@hosp.example\tHTTPS\tup.vendor.example/in/a.837\tAllowed\tGeneral Browsing\tGeneral Browsing\t1048840\t312\t140\t151\tBusiness Use\tBusiness and Economy\tProfessional Services\tNone\tNone\t0\tHIPAA\tMedical Information\tHQ\tBilling\t10.1.2.3\t192.0.2.9\tPOST\t201\tcurl/8.5.0\tNone\tNone\tNone\tapplication/json\tNone\tNA\tNA\tN/A',
    record: uploaded,
  },
  {
    line: '2026-11-24 04:04:56\treason=Allowed\tevent_id=6886427390023200769\tprotocol=HTTPS\taction=Allowed\ttransactionsize=1049152\tresponsesize=312\trequestsize=1048840\turlcategory=Professional Services\tserverip=192.0.2.9\tclienttranstime=151\trequestmethod=POST\trefererURL=None\tuseragent=curl/8.5.0\tproduct=NSS\tlocation=HQ\tClientIP=10.1.2.3\tstatus=201\tuser=jdoe@hosp.example\turl=up.vendor.example/in/a.837\tvendor=Zscaler\thostname=up.vendor.example\tclientpublicIP=198.51.100.4\tdlpengine=HIPAA\tdlpdictionaries=Medical Information\tcontenttype=application/json',
    record: uploaded,
  },
  {
    line: '{"sourcetype":"zscalernss-web","event":{"epochtime":"1795493096","login":"jdoe@hosp.example","proto":"HTTPS","b64url":"dXAudmVuZG9yLmV4YW1wbGUvaW4vYS44Mzc=","action":"Allowed","reqmethod":"POST","reqsize":"1048840","respsize":"312","ctime":"151","respcode":"201","cltip":"10.1.2.3","serverip":"192.0.2.9","host":"up.vendor.example","contenttype":"application/json","ua":"curl/8.5.0","dlpeng":"HIPAA","dlpdict":"Medical Information"}}',
    record: uploaded,
  },
  {
    line: '{"epochtime":"1795493097","login":"jdoe@hosp.example","proto":"SSL","eurl":"up.vendor.example:443","action":"Allowed","reqmethod":"NA","reqsize":"70021","respsize":"5120","respcode":"NA","cip":"10.1.2.3","sip":"192.0.2.9","ehost":"up.vendor.example","contenttype":"Other","dlpeng":"None","dlpdict":"None"}',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:57.000Z',
      client: { ip: '10.1.2.3', user: 'jdoe@hosp.example' },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      bytesToServer: 70_021,
      bytesToClient: 5_120,
      url: 'up.vendor.example:443',
      outcome: 'success',
      proxyResult: 'Allowed',
      reached: 'server',
    },
  },
  {
    line: 'epochtime=1795493098,login=jdoe@hosp.example,proto=HTTP,eurl=drop.example/x,action=Blocked,reqmethod=PUT,reqsize=5120,respsize=812,respcode=403,cip=10.1.2.3,sip=192.0.2.80,dlpeng=HIPAA,upload_filename="census.csv"',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:58.000Z',
      client: { ip: '10.1.2.3', user: 'jdoe@hosp.example' },
      server: { ip: '192.0.2.80', port: 80, host: 'drop.example' },
      bytesToServer: 5_120,
      bytesToClient: 812,
      method: 'PUT',
      url: 'http://drop.example/x',
      status: 403,
      file: { path: 'census.csv', operation: 'write' },
      outcome: 'denied',
      dlp: { engine: 'HIPAA' },
      proxyResult: 'Blocked',
      reached: 'nobody',
    },
  },
];

/** Zscaler Internet Access, web logs of NSS and Cloud NSS. */
export const zscaler: Format = {
  name: 'zscaler',
  product: 'Zscaler Internet Access web log (NSS: tab, CSV, JSON or key=value)',
  manual:
    'https://help.zscaler.com/unified/nss-feed-output-format-web-logs; "General Guidelines for NSS Feeds and Feed Formats"',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'always',
    bytesToClient: 'always',
    durationMs: 'sometimes',
    method: 'sometimes',
    url: 'always',
    status: 'sometimes',
    contentType: 'sometimes',
    file: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
    dlp: 'sometimes',
    proxyResult: 'always',
    reached: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'whatever the feed leaves out: its fields are chosen by the operator',
      consequence: 'without sip a receiver has no location, without reqsize an upload has no size',
      remedy: RECOMMENDED,
    },
    {
      missing: 'the zone of `time`: it is that of the feed',
      consequence: 'set timezone of the source to it, or log epochtime',
      remedy: RECOMMENDED,
    },
    {
      missing: 'the content of what was not decrypted by SSL inspection',
      consequence: 'such a connection shows its host and sizes, and no DLP engine saw it',
    },
  ],
  samples,
  reader,
};
