import { createSplitter } from '../engines/delimited.ts';
import { createPairReader } from '../engines/key-value.ts';
import type { Lookup } from '../engines/lookup.ts';
import { namedColumns } from '../engines/named-columns.ts';
import { compileTable, type RecordTable, type Remarks } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import { BLANK_LINE, isBlank } from '../values/blank-line.ts';
import { proxiedOutcome } from '../values/http-outcome.ts';
import { clfTime, eitherTime, epochTime, isoTime } from '../values/log-time.ts';
import { skipped, unreadable } from '../values/reading.ts';

/**
 * Skyhigh Secure Web Gateway, once McAfee Web Gateway. Its logs are written by rules, so their columns are those of the
 * `#time_stamp ...` line at a file's beginning; over syslog, and from the cloud, they are `key=value`. By "Web Gateway
 * Product Guide", "Log handler rule sets", and "Content Security Reporter", "McAfee Web Gateway header formats":
 * `bytes_to_client` is what the gateway sent to the client, `bytes_from_client` what it received from it,
 * `bytes_to_server` what it sent on.
 */
const table: RecordTable = {
  kind: 'http',
  nothing: ['-', ''],
  time: [
    clfTime('time_stamp'),
    epochTime('request_timestamp_epoch'),
    eitherTime(isoTime('date'), clfTime('date')),
    isoTime('request_timestamp'),
  ],
  client: { ip: ['src_ip', 'source_ip', 'client_ip'], user: ['auth_user', 'username', 'user'] },
  server: {
    ip: ['dst_ip', 'destination_ip', 'server_ip'],
    port: ['dst_port', 'server_port', 'destination_port'],
    host: ['destination_host', 'requested_host', 'host', 'url_host'],
  },
  bytesToServer: ['bytes_to_server', 'bytes_from_client', 'client_to_server_bytes', 'source_bytes'],
  bytesToClient: ['bytes_to_client', 'bytes_from_server', 'server_to_client_bytes', 'destination_bytes'],
  method: ['method', 'http_action', 'request_method'],
  url: (lookup) => lookup('url') ?? lookup('requested_path'),
  status: ['status_code', 'http_status_code'],
  contentType: ['media_type'],
  agent: ['user_agent', 'user_agent_comment'],
  referrer: ['referer'],
  remarks,
};

function remarks(lookup: Lookup): Remarks {
  const blocked = lookup('block_res') ?? lookup('block_reason') ?? lookup('last_rule_blocked');
  const result = lookup('result') ?? lookup('action');
  // Block ids are numbers; 0 stands for a request that was let pass.
  const isBlocked = (blocked !== undefined && blocked !== '0') || /^(?:block|den)/i.test(result ?? '');
  if (isBlocked) return { outcome: 'denied' };
  const outcome = proxiedOutcome(lookup('status_code') ?? lookup('http_status_code'));
  return outcome === undefined ? {} : { outcome };
}

/** "Write access.log", as the default rule set has it. */
const DEFAULT_HEADER =
  '#time_stamp "auth_user" src_ip status_code "req_line" "categories" "rep_level" "media_type" bytes_to_client "user_agent" "virus_name" "block_res" "application_name"';
/** More are no names of columns. */
const LONGEST_HEADER = 8_192;
const MAX_LAYOUTS = 64;

function reader(options: ReaderOptions): LineReader {
  const read = compileTable(table, options);
  const { split, columns } = createSplitter({ separator: ' ', quotes: 'doubled', brackets: true });
  const quotedPairs = createPairReader({ separator: ' ', bare: 'text', quotes: true });
  const layouts = new Map<string, { readonly count: number; readonly lookup: Lookup }>();

  function layoutOf(header: string) {
    const known = layouts.get(header);
    if (known !== undefined) return known;
    if (layouts.size >= MAX_LAYOUTS) layouts.clear();
    const names = header.slice(1).replaceAll('"', '').trim().split(/\s+/);
    const layout = { count: names.length, lookup: namedColumns(names, columns) };
    layouts.set(header, layout);
    return layout;
  }

  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (text.startsWith('#')) {
      const isHeader = /^#\s*"?time_stamp\b/.test(text) && text.length <= LONGEST_HEADER;
      return isHeader ? { kind: 'skipped', because: 'header', fileHeader: text } : COMMENT;
    }
    if (/^[\w.-]+=/.test(text)) {
      const pairs = quotedPairs(text, 0);
      return pairs === undefined ? NO_PAIRS : read(withRequestLine(pairs, 'http_request_first_line'), context);
    }
    if (!split(text)) return BAD_QUOTES;
    const { count, lookup } = layoutOf(context.fileHeader ?? DEFAULT_HEADER);
    if (columns.count !== count) return context.fileHeader === undefined ? NO_HEADER : OTHER_COUNT;
    return read(withRequestLine(lookup, 'req_line'), context);
  };
}

/** `PUT https://up.vendor.example/a HTTP/1.1` tells the method and the URL. */
function withRequestLine(lookup: Lookup, name: string): Lookup {
  return (asked) => {
    const told = lookup(asked);
    if (told !== undefined || (asked !== 'method' && asked !== 'url')) return told;
    const line = lookup(name);
    if (line === undefined) return undefined;
    const first = line.indexOf(' ');
    const last = line.lastIndexOf(' ');
    if (first === -1) return undefined;
    return asked === 'method' ? line.slice(0, first) : line.slice(first + 1, last > first ? last : undefined);
  };
}

const COMMENT = skipped('comment');
const NO_PAIRS = unreadable('the line holds no key=value');
const BAD_QUOTES = unreadable('a quote or bracket is not closed');
const NO_HEADER = unreadable("the file's #time_stamp line was not seen, and the columns are not the default ones");
const OTHER_COUNT = unreadable('the line holds more or fewer values than its #time_stamp line names');

const RECOMMENDED = {
  file: 'Policy > Log Handler > Default > Access Log, the string of "Write access.log" and the header of its engine settings',
  line: '#time_stamp "auth_user" src_ip dst_ip status_code "req_line" "media_type" bytes_from_client bytes_to_client "user_agent" "block_res"',
};

const samples: readonly Sample[] = [
  {
    line: '[24/Nov/2026:04:04:55 +0000] "jdoe" 10.1.2.3 201 "POST http://up.vendor.example/in/a.837 HTTP/1.1" "Health, Business" "Minimal Risk" "application/json" 312 "curl/8.5.0" "" "0" ""',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:55.000Z',
      client: { ip: '10.1.2.3', user: 'jdoe' },
      server: { port: 80, host: 'up.vendor.example' },
      bytesToClient: 312,
      method: 'POST',
      url: 'http://up.vendor.example/in/a.837',
      status: 201,
      contentType: 'application/json',
      outcome: 'success',
      agent: 'curl/8.5.0',
    },
  },
  { line: RECOMMENDED.line, record: 'skipped' },
  {
    line: '[24/Nov/2026:04:04:56 +0000] "jdoe" 10.1.2.3 192.0.2.9 200 "CONNECT up.vendor.example:443 HTTP/1.1" "" 70021 5120 "curl/8.5.0" "0"',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '10.1.2.3', user: 'jdoe' },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      bytesToServer: 70_021,
      bytesToClient: 5_120,
      method: 'CONNECT',
      url: 'up.vendor.example:443',
      status: 200,
      outcome: 'success',
      agent: 'curl/8.5.0',
    },
  },
  {
    line: 'user_id=-1 username=jdoe source_ip=10.1.2.3 http_action=PUT server_to_client_bytes=312 client_to_server_bytes=1048840 requested_host=up.vendor.example requested_path=/in/a.837 result=OBSERVED virus= request_timestamp_epoch=1795493097 request_timestamp=2026-11-24 04:04:57 category=Business, Software/Hardware media_type=application/json destination_ip=192.0.2.9 http_status_code=201',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:57.000Z',
      client: { ip: '10.1.2.3', user: 'jdoe' },
      server: { ip: '192.0.2.9', host: 'up.vendor.example' },
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      method: 'PUT',
      url: '/in/a.837',
      status: 201,
      contentType: 'application/json',
      outcome: 'success',
    },
  },
];

/** Skyhigh (McAfee) Secure Web Gateway. */
export const skyhigh: Format = {
  name: 'skyhigh',
  product: 'Skyhigh (McAfee) Secure Web Gateway access log, and its key=value forms over syslog and from the cloud',
  manual:
    'Web Gateway Product Guide 7.1.5, "Log handler rule sets", "Access Log"; Content Security Reporter Product Guide, "Auto-discover log formats", McAfee Web Gateway header formats',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'sometimes',
    bytesToClient: 'always',
    method: 'always',
    url: 'sometimes',
    status: 'sometimes',
    contentType: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'the bytes that a client sent, which the default rule does not write',
      consequence: 'an upload is seen, its size is not: the size that is logged is that of the reply',
      remedy: RECOMMENDED,
    },
    {
      missing: 'the address of the server, which the default rule does not write',
      consequence: 'where a receiver is cannot be told, unless the URL itself holds an address',
      remedy: RECOMMENDED,
    },
    {
      missing: 'whether the gateway answered from its cache or through a parent proxy',
      consequence: 'such a request counts as one that reached the server',
    },
  ],
  samples,
  reader,
};
