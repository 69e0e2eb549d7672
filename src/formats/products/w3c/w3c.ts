import type { RecordTable } from '../../engines/record-table.ts';
import type { Format } from '../../format.ts';
import { proxiedOutcome } from '../../values/http-outcome.ts';
import { dateAndTime, epochTime } from '../../values/log-time.ts';
import { urlFromParts } from '../../values/url-from-parts.ts';
import { asyncosTable } from './asyncos.ts';
import { cloudfront, cloudfrontTable } from './cloudfront.ts';
import type { W3cHeader } from './header.ts';
import { iis, iisTable } from './iis.ts';
import { proxysg, proxysgTable } from './proxysg.ts';
import { w3cReader } from './reader.ts';
import { type W3cWriter, writerOf } from './writer.ts';

/**
 * Whatever a product calls itself, by the draft's own meaning of its field names: `c` the client, `s` the server or proxy
 * that logs, `cs` and `sc` from one to the other, `r` a remote server. The address of `s` is left out: of a web server it
 * is the server, of a proxy it is not.
 */
const anyTable: RecordTable = {
  kind: 'http',
  nothing: ['-'],
  time: [dateAndTime('date', 'time', true), epochTime('timestamp')],
  client: { ip: ['c-ip'], port: ['c-port'], host: ['c-dns'], user: ['cs-username', 'c-username'] },
  server: { ip: ['r-ip'], port: ['r-port', 'cs-uri-port'], host: ['cs-host', 'r-dns', 'r-host', 'cs(host)'] },
  bytesToServer: ['cs-bytes'],
  bytesToClient: ['sc-bytes'],
  method: ['cs-method'],
  url: (lookup) =>
    lookup('cs-uri') ??
    lookup('cs-url') ??
    urlFromParts({
      scheme: lookup('cs-uri-scheme'),
      host: lookup('cs-host'),
      port: lookup('cs-uri-port'),
      path: lookup('cs-uri-path') ?? lookup('cs-uri-stem'),
      query: lookup('cs-uri-query'),
    }),
  status: ['sc-status'],
  contentType: ['cs(content-type)', 'sc(content-type)', 'rs(content-type)'],
  agent: ['cs(user-agent)'],
  referrer: ['cs(referer)'],
  remarks: (lookup) => {
    const outcome = proxiedOutcome(lookup('sc-status'));
    return outcome === undefined ? {} : { outcome };
  },
};

const TABLES: Readonly<Record<W3cWriter, RecordTable>> = {
  iis: iisTable,
  asyncos: asyncosTable,
  proxysg: proxysgTable,
  cloudfront: cloudfrontTable,
  other: anyTable,
};

function tableOf(header: W3cHeader): RecordTable {
  return TABLES[writerOf(header) ?? 'other'];
}

/** Any W3C extended log: `{ w3c: true }`. */
export const w3c: Format = {
  name: 'w3c',
  isGeneral: true,
  product: 'Any W3C extended log: by its #Software and #Fields',
  manual: 'W3C, "Extended Log File Format", working draft WD-logfile-960323',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    durationMs: 'sometimes',
    method: 'sometimes',
    url: 'sometimes',
    status: 'sometimes',
    contentType: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
    proxyResult: 'sometimes',
    reached: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'what its #Fields do not name',
      consequence: 'run `phi-egress validate` against the format of the product itself to see what that is',
    },
    {
      missing: 'the server in a log of an unknown product, unless its #Fields have r-ip or cs-host',
      consequence: 'a request without a server is no transfer',
    },
  ],
  samples: [
    ...proxysg.samples,
    ...iis.samples,
    { line: '#Software: Secure Proxy 3', record: 'skipped' },
    { line: '#Date: 2026-11-24 23:59:00', record: 'skipped' },
    { line: '#Fields:\ttime c-ip r-ip cs-method  cs-uri sc-status cs-bytes sc-bytes', record: 'skipped' },
    {
      line: '00:00:07 10.1.2.3 192.0.2.9 POST http://up.vendor.example/in 201 700 90',
      record: {
        kind: 'http',
        time: '2026-11-25T00:00:07.000Z',
        client: { ip: '10.1.2.3' },
        server: { ip: '192.0.2.9', port: 80, host: 'up.vendor.example' },
        bytesToServer: 700,
        bytesToClient: 90,
        method: 'POST',
        url: 'http://up.vendor.example/in',
        status: 201,
        outcome: 'success',
      },
    },
    ...cloudfront.samples,
  ],
  reader: (options) => w3cReader({ tableOf }, options),
};
