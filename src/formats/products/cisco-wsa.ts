import { createSplitter } from '../engines/delimited.ts';
import type { Lookup } from '../engines/lookup.ts';
import { namedColumns } from '../engines/named-columns.ts';
import { compileTable, type RecordTable, type Remarks, type RemarksDraft } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import { BLANK_LINE, COMMENT, isBlank } from '../values/blank-line.ts';
import { epochTime } from '../values/log-time.ts';
import { skipped, unreadable } from '../values/reading.ts';
import { outcomeOf, reachedByHierarchy, readResult } from './squid/route.ts';

/**
 * Access log of the Cisco Secure Web Appliance: Squid's native columns, then the ACL decision tag and what the scanners
 * found. By "Access Log Files", `%s` is the size of the response, headers and body; the size of the request (`%q`) and
 * the server's address (`%k`) are there only as custom fields, which we ask to be written as `q=` and `k=`.
 */
const table: RecordTable = {
  kind: 'http',
  nothing: ['-'],
  time: [epochTime('time')],
  client: { ip: ['client'], user: ['user'] },
  server: { ip: ['k'], host: ['peer'] },
  bytesToServer: ['q'],
  bytesToClient: ['bytes'],
  duration: { names: ['elapsed'], unit: 'milliseconds' },
  method: ['method'],
  url: ['url'],
  status: ['status'],
  contentType: ['type'],
  proxyResult: ['code'],
  remarks,
};

function remarks(lookup: Lookup): Remarks {
  const hierarchy = lookup('hierarchy');
  const reached = hierarchy === undefined ? undefined : reachedByHierarchy(hierarchy);
  const status = Number(lookup('status') ?? Number.NaN);
  const outcome =
    lookup('acltag')?.startsWith('BLOCK_') === true
      ? 'denied'
      : outcomeOf(readResult(lookup('code') ?? ''), Number.isNaN(status) ? undefined : status, reached);
  const found: RemarksDraft = {};
  if (outcome !== undefined) found.outcome = outcome;
  // A transparent connection has a method of its own.
  if (lookup('method') === 'TCP_CONNECT') found.method = 'CONNECT';
  if (lookup('dlp') === '1') found.dlp = { engine: 'external DLP server' };
  if (reached !== undefined) found.reached = reached;
  return found;
}

const COLUMNS = 'time elapsed client result bytes method url user route type acltag'.split(' ');
/** "Interpreting Access Log Scanning Verdict Entries": position 19 is `%Xp`, 1 where the external DLP server blocked. */
const DLP_VERDICT = 18;

function reader(options: ReaderOptions): LineReader {
  const read = compileTable(table, options);
  const line = createSplitter({ separator: ' ', quotes: 'doubled' });
  const verdicts = createSplitter({ separator: ',', quotes: 'doubled' });
  const column = namedColumns(COLUMNS, line.columns);

  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (text.charCodeAt(0) === HASH) return COMMENT;
    const start = text.startsWith('Info: ') ? 'Info: '.length : 0;
    if (!isDigit(text.charCodeAt(start))) return REMARK_MARK.test(text) ? REMARK : NO_TIME;
    if (!line.split(start === 0 ? text : text.slice(start), COLUMNS.length)) return BAD_QUOTES;
    if (line.columns.count < COLUMNS.length) return TOO_SHORT;
    const [code, status] = halves(column('result'));
    const [hierarchy, peer] = halves(column('route'));
    if (code === undefined || hierarchy === undefined) return OTHER_COLUMNS;
    const open = text.indexOf(' <', start);
    const close = text.lastIndexOf('>');
    const dlp =
      open !== -1 && close > open && verdicts.split(text.slice(open + 2, close), DLP_VERDICT + 1)
        ? verdicts.columns.at(DLP_VERDICT)
        : undefined;
    const tail = close === -1 ? '' : text.slice(close + 1);
    const derived: Readonly<Record<string, string | undefined>> = {
      code,
      status,
      hierarchy,
      // A parent's name is not the server's.
      peer: hierarchy.includes('PARENT') ? undefined : peer,
      dlp,
      q: customField(tail, ' q='),
      k: customField(tail, ' k='),
    };
    return read((name) => (Object.hasOwn(derived, name) ? derived[name] : column(name)), context);
  };
}

/** `TCP_MISS/200`, `DIRECT/www.vendor.example`. */
function halves(text: string | undefined): readonly [string | undefined, string | undefined] {
  const slash = text?.indexOf('/') ?? -1;
  return text === undefined || slash === -1 ? [undefined, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
}

function customField(tail: string, label: string): string | undefined {
  const at = tail.indexOf(label);
  if (at === -1) return undefined;
  const start = at + label.length;
  const end = tail.indexOf(' ', start);
  return tail.slice(start, end === -1 ? undefined : end);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** `Wed Nov 25 03:02:13 2026 Info: Begin Logfile`. */
const REMARK_MARK = /^(?:[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} )?Info: /;

const HASH = 35;
const REMARK = skipped('a remark of the appliance');
const NO_TIME = unreadable('no time stands at its beginning');
const BAD_QUOTES = unreadable('a quote is not closed');
const TOO_SHORT = unreadable('the line has fewer columns than an access log');
const OTHER_COLUMNS = unreadable('no result or hierarchy code stands where the access log has it');

const RECOMMENDED = {
  file: 'System Administration > Log Subscriptions > accesslogs, Custom Fields',
  line: 'q=%q k=%k',
};

const VERDICTS =
  '<IW_hmed,6.9,1,"-",-,-,-,-,"-",-,-,-,"-",-,-,"-","-",-,-,IW_hmed,-,"-","-","Unknown","Unknown","-","-",198.34,0,-,[Local],"-",-,"-",-,-,"-","-">';

const samples: readonly Sample[] = [
  {
    line: `1795493096.168 151 10.1.2.3 TCP_MISS/201 312 POST http://up.vendor.example/in/a.837 "HOSP\\jdoe@HospRealm" DIRECT/up.vendor.example application/json DEFAULT_CASE_12-Out-Staff-NONE-NONE-NONE-DefaultGroup-NONE ${VERDICTS} - q=1048840 k=192.0.2.9`,
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.168Z',
      client: { ip: '10.1.2.3', user: 'HOSP\\jdoe@HospRealm' },
      server: { ip: '192.0.2.9', port: 80, host: 'up.vendor.example' },
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      durationMs: 151,
      method: 'POST',
      url: 'http://up.vendor.example/in/a.837',
      status: 201,
      contentType: 'application/json',
      outcome: 'success',
      proxyResult: 'TCP_MISS',
      reached: 'server',
    },
  },
  {
    line: `Info: 1795493097.210 68855 10.1.2.4 TCP_MISS/200 97645 TCP_CONNECT tunnel://up.vendor.example:443/ - DIRECT/up.vendor.example - PASSTHRU_WBRS_7-Out-Staff-NONE-NONE-NONE-DefaultGroup-NONE ${VERDICTS} - -`,
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:57.210Z',
      client: { ip: '10.1.2.4' },
      server: { port: 443, host: 'up.vendor.example' },
      bytesToClient: 97_645,
      durationMs: 68_855,
      method: 'CONNECT',
      url: 'tunnel://up.vendor.example:443/',
      status: 200,
      outcome: 'success',
      proxyResult: 'TCP_MISS',
      reached: 'server',
    },
  },
  {
    line: `1795493098.001 12 10.1.2.3 TCP_DENIED/403 1802 PUT http://drop.example/x - NONE/- - BLOCK_ADMIN_IDS_11-Out-Staff-NONE-DLP-DLP-NONE <IW_fts,-3.1,-,"-",-,-,-,-,"-",-,-,-,"-",-,-,"-","-",-,1,IW_fts,-,"-"> -`,
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:58.001Z',
      client: { ip: '10.1.2.3' },
      server: { port: 80, host: 'drop.example' },
      bytesToClient: 1_802,
      durationMs: 12,
      method: 'PUT',
      url: 'http://drop.example/x',
      status: 403,
      outcome: 'denied',
      dlp: { engine: 'external DLP server' },
      proxyResult: 'TCP_DENIED',
      reached: 'nobody',
    },
  },
  { line: 'Tue Nov 24 04:00:00 2026 Info: Begin Logfile', record: 'skipped' },
];

/** Cisco Secure Web Appliance, once IronPort WSA. */
export const ciscoWsa: Format = {
  name: 'cisco-wsa',
  product: 'Cisco Secure Web Appliance (WSA) access log; its W3C log is read by w3c',
  manual:
    'User Guide for AsyncOS for Cisco Secure Web Appliance, "Access Log Files" and "Interpreting Access Log Scanning Verdict Entries"; https://www.cisco.com/c/en/us/support/docs/security/secure-web-appliance/225832-understand-secure-web-appliance.html',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'always',
    durationMs: 'always',
    method: 'always',
    url: 'always',
    status: 'sometimes',
    contentType: 'sometimes',
    outcome: 'always',
    dlp: 'sometimes',
    proxyResult: 'always',
    reached: 'always',
  },
  blindSpots: [
    {
      missing: 'the bytes that a client sent',
      consequence: 'an upload is seen, its size is not: the size that is logged is that of the reply',
      remedy: RECOMMENDED,
    },
    {
      missing: 'the address of the server: the log names it',
      consequence: 'where a receiver is cannot be told, unless the URL itself holds an address',
      remedy: RECOMMENDED,
    },
    {
      missing: 'uploads that the DLP server let pass with a remark',
      consequence: 'only what it blocked is a DLP verdict',
    },
  ],
  samples,
  reader,
};
