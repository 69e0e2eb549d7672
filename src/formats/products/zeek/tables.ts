import type { Lookup } from '../../engines/lookup.ts';
import type { RecordTable, Remarks, RemarksDraft } from '../../engines/record-table.ts';
import { proxiedOutcome } from '../../values/http-outcome.ts';
import { eitherTime, epochSeconds, isoTimeUtc } from '../../values/log-time.ts';
import { urlFromParts } from '../../values/url-from-parts.ts';

/** The originator of a connection is the client, the responder the server, before any address translation outside. */
const common = {
  nothing: ['-', '(empty)'],
  time: [eitherTime(epochSeconds('ts'), isoTimeUtc('ts'))],
  client: { ip: ['id.orig_h'], port: ['id.orig_p'] },
  server: { ip: ['id.resp_h'], port: ['id.resp_p'] },
  session: ['uid'],
} as const;

/**
 * "base/protocols/conn/main.zeek": `orig_bytes` is the payload that the originator sent, by sequence numbers in TCP,
 * `resp_bytes` that of the responder; without a word where nobody can say.
 */
const conn: RecordTable = {
  ...common,
  kind: 'flow',
  server: { ...common.server },
  bytesToServer: ['orig_bytes'],
  bytesToClient: ['resp_bytes'],
  duration: { names: ['duration'], unit: 'seconds' },
  proxyResult: ['conn_state'],
  remarks: (lookup) => {
    const outcome = CONN_STATES.get(lookup('conn_state') ?? '');
    return outcome === undefined ? {} : { outcome };
  },
};

/** Whether there was a connection at all; of the others (OTH, S1 without an end) the counts must tell. */
const CONN_STATES: ReadonlyMap<string, 'success' | 'failure'> = new Map([
  ['SF', 'success'],
  ['S2', 'success'],
  ['S3', 'success'],
  ['RSTO', 'success'],
  ['RSTR', 'success'],
  ['S0', 'failure'],
  ['REJ', 'failure'],
  ['RSTOS0', 'failure'],
  ['RSTRH', 'failure'],
  ['SH', 'failure'],
  ['SHR', 'failure'],
]);

/**
 * "base/protocols/http/main.zeek": `request_body_len` is the size of the data that the client sent, `response_body_len`
 * that of the data from the server, both without headers.
 */
const http: RecordTable = {
  ...common,
  kind: 'http',
  client: { ...common.client, user: ['username'] },
  server: { ...common.server, host: ['host'] },
  bytesToServer: ['request_body_len'],
  bytesToClient: ['response_body_len'],
  method: ['method'],
  url: (lookup) => {
    const uri = lookup('uri');
    if (uri === undefined || uri.includes('://') || lookup('method') === 'CONNECT') return uri;
    const [host, port] = [lookup('host'), lookup('id.resp_p')];
    return urlFromParts({ scheme: 'http', host, port, path: uri, query: undefined });
  },
  status: ['status_code'],
  contentType: ['orig_mime_types', 'resp_mime_types'],
  agent: ['user_agent'],
  referrer: ['referrer'],
  remarks: httpRemarks,
};

function httpRemarks(lookup: Lookup): Remarks {
  const outcome = proxiedOutcome(lookup('status_code'));
  const name = lookup('orig_filenames');
  // Clients write a whole URL to forward proxies only (RFC 9112 section 3.2.2): then the responder is the proxy.
  const isProxied = lookup('method') === 'CONNECT' || lookup('uri')?.includes('://') === true;
  const found: RemarksDraft = { reached: isProxied ? 'parent-proxy' : 'server' };
  if (name !== undefined) found.file = { path: name, operation: 'write' };
  if (outcome !== undefined) found.outcome = outcome;
  return found;
}

/** "base/protocols/ssl/main.zeek": who spoke TLS to whom, by which name; the sizes are those of conn.log. */
const ssl: RecordTable = {
  ...common,
  kind: 'flow',
  server: { ...common.server, host: ['server_name'] },
  remarks: (lookup) => byWord(lookup('established')),
};

/** "base/protocols/ssh/main.zeek". Whether a login succeeded is inferred by Zeek, from sizes. */
const ssh: RecordTable = {
  ...common,
  kind: 'flow',
  agent: ['client'],
  remarks: (lookup) => byWord(lookup('auth_success')),
};

/**
 * "base/frameworks/files/main.zeek": `seen_bytes` of a file were seen, sent by the originator where `is_orig` says so. Up
 * to Zeek 5.0 there is no connection but `tx_hosts`, who sent it, and `rx_hosts`, who got it.
 */
const files: RecordTable = {
  ...common,
  kind: 'flow',
  client: { ip: ['id.orig_h', 'tx_hosts'], port: ['id.orig_p'] },
  server: { ip: ['id.resp_h', 'rx_hosts'], port: ['id.resp_p'] },
  contentType: ['mime_type'],
  session: ['uid', 'conn_uids'],
  remarks: (lookup) => {
    const isSentByClient = lookup('tx_hosts') !== undefined || isTrue(lookup('is_orig'));
    const [seen, total] = [lookup('seen_bytes'), lookup('total_bytes')];
    // All that was announced went by, and so arrived: what is lost is sent again.
    const isWhole = seen !== undefined && seen !== '0' && seen === total;
    return {
      ...oneWay({ toServer: isSentByClient, path: lookup('filename'), bytes: seen }),
      ...(isWhole && { outcome: 'success' }),
    };
  },
};

/** "base/protocols/ftp/main.zeek": a command on a file, `file_size` where the server or the data told it. */
const ftp: RecordTable = {
  ...common,
  kind: 'flow',
  client: { ...common.client, user: ['user'] },
  contentType: ['mime_type'],
  remarks: (lookup) => {
    const command = lookup('command') ?? '';
    const isUpload = command === 'STOR' || command === 'APPE' || command === 'STOU';
    if (!isUpload && command !== 'RETR') return { skip: 'a command that moves no file' };
    const path = lookup('arg')?.replace(/^ftp:\/\/[^/]*/, '');
    const reply = lookup('reply_code') ?? '';
    const failed = /^[45]/.test(reply) ? { outcome: 'failure' as const } : {};
    const done = reply.startsWith('2') ? { outcome: 'success' as const } : failed;
    return { ...oneWay({ toServer: isUpload, path, bytes: lookup('file_size') }), ...done };
  },
};

/** By the name in `#path` and `_path`. */
export const ZEEK_TABLES: ReadonlyMap<string, RecordTable> = new Map([
  ['conn', conn],
  ['http', http],
  ['ssl', ssl],
  ['ssh', ssh],
  ['files', files],
  ['ftp', ftp],
]);

interface OneWay {
  readonly toServer: boolean;
  readonly path: string | undefined;
  readonly bytes: string | undefined;
}

/** What a file says of one direction; in the other one nothing of it went. */
function oneWay({ toServer, path, bytes }: OneWay): RemarksDraft {
  const found: RemarksDraft = toServer ? { bytesToClient: 0 } : { bytesToServer: 0 };
  const count = bytes !== undefined && /^\d{1,15}$/.test(bytes) ? Number(bytes) : undefined;
  if (count !== undefined) found[toServer ? 'bytesToServer' : 'bytesToClient'] = count;
  if (path !== undefined) found.file = { path, operation: toServer ? 'write' : 'read' };
  return found;
}

/** `T` in Zeek's own format, `true` in JSON. */
function isTrue(word: string | undefined): boolean {
  return word === 'T' || word === 'true';
}

function byWord(word: string | undefined): Remarks {
  if (word === undefined) return {};
  return { outcome: isTrue(word) ? 'success' : 'failure' };
}
