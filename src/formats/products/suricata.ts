import { createJsonLookup, readJsonLine } from '../engines/json-line.ts';
import type { Lookup } from '../engines/lookup.ts';
import { compileTable, type RecordTable, type Remarks } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import type { LogRecord } from '../record.ts';
import { BLANK_LINE, isBlank } from '../values/blank-line.ts';
import { proxiedOutcome } from '../values/http-outcome.ts';
import { isoTime } from '../values/log-time.ts';
import { skipped, unreadable } from '../values/reading.ts';
import { urlFromParts } from '../values/url-from-parts.ts';

/** In flow, http, tls and ssh events the source is the client; in fileinfo it is whoever sent the file. */
const common = {
  nothing: [''],
  time: [isoTime('timestamp')],
  client: { ip: ['src_ip'], port: ['src_port'] },
  server: { ip: ['dest_ip'], port: ['dest_port'] },
  session: ['flow_id'],
} as const;

/** "Eve JSON Format", event type flow: bytes are those of whole packets, headers of all layers included. */
const flow: RecordTable = {
  ...common,
  kind: 'flow',
  bytesToServer: ['flow.bytes_toserver'],
  bytesToClient: ['flow.bytes_toclient'],
  duration: { names: ['flow.age'], unit: 'seconds' },
  proxyResult: ['flow.state'],
  remarks: (lookup) => {
    const state = lookup('flow.state');
    if (lookup('flow.action') === 'drop') return { outcome: 'denied' };
    return state === 'established' || state === 'closed' || state === 'bypassed' ? { outcome: 'success' } : {};
  },
};

/** Event type http: `length` is the size of the response body, which went to the client. */
const http: RecordTable = {
  ...common,
  kind: 'http',
  server: { ...common.server, host: ['http.hostname'] },
  bytesToClient: ['http.length'],
  method: ['http.http_method'],
  url: (lookup) => {
    const url = lookup('http.url');
    if (url === undefined || url.includes('://') || lookup('http.http_method') === 'CONNECT') return url;
    const [host, port] = [lookup('http.hostname'), lookup('http.http_port') ?? lookup('dest_port')];
    return urlFromParts({ scheme: 'http', host, port, path: url, query: undefined });
  },
  status: ['http.status'],
  contentType: ['http.http_content_type'],
  agent: ['http.http_user_agent'],
  referrer: ['http.http_refer'],
  remarks: httpRemarks,
};

function httpRemarks(lookup: Lookup): Remarks {
  const outcome = proxiedOutcome(lookup('http.status'));
  // Clients write a whole URL to forward proxies only (RFC 9112 section 3.2.2): then the destination is the proxy.
  const isProxied = lookup('http.http_method') === 'CONNECT' || lookup('http.url')?.includes('://') === true;
  return { ...(outcome !== undefined && { outcome }), reached: isProxied ? 'parent-proxy' : 'server' };
}

const tls: RecordTable = { ...common, kind: 'flow', server: { ...common.server, host: ['tls.sni'] } };

const ssh: RecordTable = { ...common, kind: 'flow', agent: ['ssh.client.software_version'] };

/** Event type fileinfo: `size` bytes of a file went from the source to the destination. */
const fileinfo: RecordTable = {
  ...common,
  kind: 'flow',
  bytesToServer: ['fileinfo.size'],
  contentType: ['fileinfo.mimetype'],
  remarks: (lookup) => {
    const path = lookup('fileinfo.filename');
    return {
      bytesToClient: 0,
      ...(path !== undefined && { file: { path, operation: 'write' as const } }),
      ...outcomeOf(lookup('fileinfo.state')),
    };
  },
};

/** Of a file that was closed all was seen; of one that was truncated, so much. */
function outcomeOf(state: string | undefined): Pick<LogRecord, 'outcome'> {
  if (state === 'CLOSED') return { outcome: 'success' };
  return state === 'TRUNCATED' ? { outcome: 'aborted' } : {};
}

const TABLES: ReadonlyMap<string, RecordTable> = new Map([
  ['flow', flow],
  ['http', http],
  ['tls', tls],
  ['ssh', ssh],
  ['fileinfo', fileinfo],
]);

function reader(options: ReaderOptions): LineReader {
  const lookupIn = createJsonLookup();
  const readers = new Map([...TABLES].map(([type, table]) => [type, compileTable(table, options)]));
  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    const object = readJsonLine(text);
    if (object === undefined) return BAD_JSON;
    const type = object.event_type;
    if (typeof type !== 'string') return NO_TYPE;
    const read = readers.get(type);
    return read === undefined ? OTHER_EVENT : read(lookupIn(object), context);
  };
}

const BAD_JSON = unreadable('the line is no JSON object');
const NO_TYPE = unreadable('the object has no event_type');
const OTHER_EVENT = skipped('an event that tells of no transfer');

const samples: readonly Sample[] = [
  {
    line: '{"timestamp":"2026-11-24T04:06:01.168433+0000","flow_id":1676750115612680,"in_iface":"eth0","event_type":"flow","src_ip":"10.1.2.3","src_port":51514,"dest_ip":"192.0.2.9","dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":940,"pkts_toclient":240,"bytes_toserver":1097720,"bytes_toclient":12804,"start":"2026-11-24T04:04:56.000000+0000","end":"2026-11-24T04:06:01.000000+0000","age":65,"state":"closed","reason":"timeout","alerted":false}}',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:06:01.168Z',
      client: { ip: '10.1.2.3', port: 51_514 },
      server: { ip: '192.0.2.9', port: 443 },
      bytesToServer: 1_097_720,
      bytesToClient: 12_804,
      durationMs: 65_000,
      session: '1676750115612680',
      outcome: 'success',
      proxyResult: 'closed',
    },
  },
  {
    line: '{"timestamp":"2026-11-23T23:04:56.200000-0500","flow_id":2,"event_type":"http","src_ip":"10.1.2.3","src_port":51515,"dest_ip":"192.0.2.9","dest_port":8080,"proto":"TCP","tx_id":0,"http":{"hostname":"up.vendor.example","http_port":8080,"url":"/in/a.837","http_user_agent":"curl/8.5.0","http_content_type":"application/json","http_refer":"http://portal.hosp.example/","http_method":"POST","protocol":"HTTP/1.1","status":201,"length":120}}',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.200Z',
      client: { ip: '10.1.2.3', port: 51_515 },
      server: { ip: '192.0.2.9', port: 8080, host: 'up.vendor.example' },
      bytesToClient: 120,
      method: 'POST',
      url: 'http://up.vendor.example:8080/in/a.837',
      status: 201,
      contentType: 'application/json',
      session: '2',
      outcome: 'success',
      agent: 'curl/8.5.0',
      referrer: 'http://portal.hosp.example/',
      reached: 'server',
    },
  },
  {
    line: '{"timestamp":"2026-11-24T04:04:57.000000+0000","flow_id":1676750115612680,"event_type":"tls","src_ip":"10.1.2.3","src_port":51514,"dest_ip":"192.0.2.9","dest_port":443,"proto":"TCP","tls":{"subject":"CN=up.vendor.example","sni":"up.vendor.example","version":"TLS 1.2"}}',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:57.000Z',
      client: { ip: '10.1.2.3', port: 51_514 },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      session: '1676750115612680',
    },
  },
  {
    line: '{"timestamp":"2026-11-24T04:04:58.000000+0000","flow_id":3,"event_type":"ssh","src_ip":"10.1.2.3","src_port":51517,"dest_ip":"192.0.2.9","dest_port":22,"proto":"TCP","ssh":{"client":{"proto_version":"2.0","software_version":"OpenSSH_9.2"},"server":{"proto_version":"2.0","software_version":"OpenSSH_10.0"}}}',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:58.000Z',
      client: { ip: '10.1.2.3', port: 51_517 },
      server: { ip: '192.0.2.9', port: 22 },
      session: '3',
      agent: 'OpenSSH_9.2',
    },
  },
  {
    line: '{"timestamp":"2026-11-24T04:04:59.000000+0000","flow_id":2,"event_type":"fileinfo","src_ip":"10.1.2.3","src_port":51515,"dest_ip":"192.0.2.9","dest_port":8080,"proto":"TCP","app_proto":"http","http":{"hostname":"up.vendor.example","url":"/in/a.837","http_method":"POST"},"fileinfo":{"filename":"census.csv","gaps":false,"state":"CLOSED","stored":false,"size":66893,"tx_id":0}}',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:59.000Z',
      client: { ip: '10.1.2.3', port: 51_515 },
      server: { ip: '192.0.2.9', port: 8080 },
      bytesToServer: 66_893,
      bytesToClient: 0,
      file: { path: 'census.csv', operation: 'write' },
      session: '2',
      outcome: 'success',
    },
  },
  {
    line: '{"timestamp":"2026-11-24T04:05:00.000000+0000","event_type":"stats","stats":{"uptime":60}}',
    record: 'skipped',
  },
];

/** Suricata. */
export const suricata: Format = {
  name: 'suricata',
  product: 'Suricata eve.json: flow, http, tls, ssh and fileinfo events',
  manual: 'Suricata User Guide, "Eve JSON Output" and "Eve JSON Format"',
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
    status: 'sometimes',
    contentType: 'sometimes',
    file: 'sometimes',
    session: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
    proxyResult: 'sometimes',
    reached: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'the size of what a client sent in an http event',
      consequence:
        'an upload is seen, its size is not: it is in the flow event, and in fileinfo where files are tracked',
      remedy: {
        file: '/etc/suricata/suricata.yaml',
        line: '- eve-log:\n    types:\n      - files:\n          force-magic: no',
      },
    },
    {
      missing: 'the name of the server in flow events, and the sizes in tls events',
      consequence:
        'a vendor that is declared by domains alone is found in tls events with no size: declare its networks too',
    },
    {
      missing: 'the payload alone: flow events count whole packets',
      consequence: 'sizes are some percent larger than what was sent',
    },
    {
      missing: 'the server behind a forward proxy',
      consequence: "the address is the proxy's: such receivers have a name and no location",
    },
  ],
  samples,
  reader,
};
