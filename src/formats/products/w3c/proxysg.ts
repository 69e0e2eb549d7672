import { firstTold, type Lookup } from '../../engines/lookup.ts';
import type { RecordTable, Remarks } from '../../engines/record-table.ts';
import type { Format, Sample } from '../../format.ts';
import { proxiedOutcome } from '../../values/http-outcome.ts';
import { dateAndTime, epochTime } from '../../values/log-time.ts';
import { urlFromParts } from '../../values/url-from-parts.ts';
import type { W3cHeader } from './header.ts';
import { w3cReader } from './reader.ts';
import { writerOf } from './writer.ts';

/**
 * Symantec ProxySG and Edge SWG. By "ProxySG Log Fields and Substitutions": `cs-bytes` are those from the client to the
 * appliance and `sc-bytes` those from the appliance to the client, headers included; `s-ip` is the appliance itself,
 * `r-ip` the origin server, `s-supplier-ip` whom the appliance spoke to: the origin server, or a parent proxy.
 */
export const proxysgTable: RecordTable = {
  kind: 'http',
  nothing: ['-', 'unknown'],
  time: [dateAndTime('date', 'time', true), epochTime('timestamp')],
  client: { ip: ['c-ip'], port: ['c-port'], user: ['cs-username', 'cs-userdn', 'cs-user'] },
  server: {
    ip: ['r-ip', 's-supplier-ip', 'r-supplier-ip'],
    port: ['cs-uri-port', 'r-port'],
    host: ['cs-host', 'cs-uri-host', 'r-host', 'x-rs-certificate-hostname'],
  },
  bytesToServer: ['cs-bytes', 'sr-bytes'],
  bytesToClient: ['sc-bytes', 'rs-bytes'],
  duration: { names: ['time-taken'], unit: 'milliseconds' },
  method: ['cs-method'],
  url: (lookup) =>
    lookup('cs-uri') ??
    urlFromParts({
      scheme: lookup('cs-uri-scheme'),
      host: lookup('cs-host') ?? lookup('cs-uri-host'),
      port: lookup('cs-uri-port'),
      path: lookup('cs-uri-path'),
      query: lookup('cs-uri-query'),
    }),
  status: ['sc-status'],
  contentType: ['cs(content-type)', 'rs(content-type)'],
  agent: ['cs(user-agent)'],
  referrer: ['cs(referer)'],
  proxyResult: ['s-action'],
  remarks,
};

/** Values of `s-action`; those that are not listed went to the server, as TCP_NC_MISS and TCP_MISS do. */
const ANSWERED_BY_ITSELF = new Set(['TCP_HIT', 'TCP_MEM_HIT', 'TCP_RESCAN_HIT', 'TCP_SPLASHED', 'TCP_POLICY_REDIRECT']);
const FAILED = new Set(['FAILED', 'SERVER_ERROR', 'TCP_ERR_MISS', 'TCP_LOOP', 'LICENSE_EXPIRED']);
const TUNNELLED = new Set(['TUNNELED', 'TCP_TUNNELED', 'TCP_ACCELERATED', 'TCP_BYPASSED']);

function remarks(lookup: Lookup): Remarks {
  const action = lookup('s-action') ?? '';
  const supplier = firstTold(lookup, ['s-supplier-ip', 'r-supplier-ip']);
  const isDenied = action.includes('DENIED') || lookup('sc-filter-result') === 'DENIED';
  // A denial after the appliance spoke to a server is one of the answer: the request had gone out.
  if (isDenied) return supplier === undefined ? DENIED : { outcome: 'failure', reached: 'server' };
  if (ANSWERED_BY_ITSELF.has(action)) return { outcome: 'success', reached: 'nobody' };
  const reached = supplier !== undefined && isParent(lookup) ? 'parent-proxy' : 'server';
  if (FAILED.has(action)) return { outcome: 'failure', reached };
  const status = lookup('sc-status');
  const hasStatus = status !== undefined && !/^0+$/.test(status);
  // Without an answer of its own, a tunnel is known by nothing but its ends and sizes.
  if (TUNNELLED.has(action) && !hasStatus) return { kind: 'flow', outcome: 'success', reached };
  const outcome = proxiedOutcome(status);
  return outcome === undefined ? { reached } : { outcome, reached };
}

const DENIED: Remarks = { outcome: 'denied', reached: 'nobody' };

/** Then the supplier's name is the parent's, and not that of the server that was asked for. */
function isParent(lookup: Lookup): boolean {
  if (lookup('r-ip') !== undefined) return false;
  if (lookup('s-hierarchy')?.includes('PARENT') === true) return true;
  const [name, host] = [lookup('s-supplier-name')?.toLowerCase(), lookup('cs-host')?.toLowerCase()];
  if (name === undefined || host === undefined || /^[\d.]+$|:/.test(name)) return false;
  return name !== host;
}

/** The `main` facility as the appliance comes, "Access Log Formats", bcreportermain_v1. */
const MAIN_FIELDS =
  'date time time-taken c-ip cs-username cs-auth-group x-exception-id sc-filter-result cs-categories cs(Referer) sc-status s-action cs-method rs(Content-Type) cs-uri-scheme cs-host cs-uri-port cs-uri-path cs-uri-query cs-uri-extension cs(User-Agent) s-ip sc-bytes cs-bytes x-virus-id';

const RECOMMENDED = `access-log
create format phi_egress
edit format phi_egress
type elff "${MAIN_FIELDS} r-ip cs(Content-Type)"
exit
edit log main
format-name phi_egress`;

/** A header without a name and without a field of its own may be anybody's, and so the appliance's. */
function tableOf(header: W3cHeader): RecordTable | undefined {
  return (writerOf(header) ?? 'proxysg') === 'proxysg' ? proxysgTable : undefined;
}

const samples: readonly Sample[] = [
  { line: '#Software: SGOS 7.3.7.1', record: 'skipped' },
  { line: '#Version: 1.0', record: 'skipped' },
  { line: `#Fields: ${MAIN_FIELDS}`, record: 'skipped' },
  {
    line: '2026-11-24 04:04:56 151 10.1.2.3 jdoe - - OBSERVED "Business/Economy;Health" https://portal.hosp.example/send 201 TCP_NC_MISS PUT application/json https up.vendor.example 8443 /in/a.837 ?batch=7 837 "ClaimsPump/2.1 (batch; gw)" 10.0.0.8 312 1048840 -',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '10.1.2.3', user: 'jdoe' },
      server: { port: 8443, host: 'up.vendor.example' },
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      durationMs: 151,
      method: 'PUT',
      url: 'https://up.vendor.example:8443/in/a.837?batch=7',
      status: 201,
      contentType: 'application/json',
      outcome: 'success',
      agent: 'ClaimsPump/2.1 (batch; gw)',
      referrer: 'https://portal.hosp.example/send',
      proxyResult: 'TCP_NC_MISS',
      reached: 'server',
    },
  },
  {
    line: '2026-11-24 04:05:10 60112 10.1.2.4 - - - OBSERVED "Health" - 0 TUNNELED unknown - ssl up.vendor.example 443 / - - - 10.0.0.8 4212 66893 -',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:05:10.000Z',
      client: { ip: '10.1.2.4' },
      server: { port: 443, host: 'up.vendor.example' },
      bytesToServer: 66_893,
      bytesToClient: 4_212,
      durationMs: 60_112,
      url: 'up.vendor.example:443',
      outcome: 'success',
      proxyResult: 'TUNNELED',
      reached: 'server',
    },
  },
  {
    line: '2026-11-24 04:05:11 3 10.1.2.4 - - policy_denied DENIED "Suspicious" - 403 TCP_DENIED POST - http drop.example 80 /x - - "curl/8.5.0" 10.0.0.8 812 5120 -',
    record: {
      kind: 'http',
      time: '2026-11-24T04:05:11.000Z',
      client: { ip: '10.1.2.4' },
      server: { port: 80, host: 'drop.example' },
      bytesToServer: 5_120,
      bytesToClient: 812,
      durationMs: 3,
      method: 'POST',
      url: 'http://drop.example/x',
      status: 403,
      outcome: 'denied',
      agent: 'curl/8.5.0',
      proxyResult: 'TCP_DENIED',
      reached: 'nobody',
    },
  },
  { line: `#Fields: ${MAIN_FIELDS} r-ip`, record: 'skipped' },
  {
    line: '2026-11-24 04:05:12 90 10.1.2.5 - - - OBSERVED "Health" - 200 TCP_MISS POST text/html http up.vendor.example 80 /hl7 - - "a ""b""" 10.0.0.8 90 700 - 192.0.2.9',
    record: {
      kind: 'http',
      time: '2026-11-24T04:05:12.000Z',
      client: { ip: '10.1.2.5' },
      server: { ip: '192.0.2.9', port: 80, host: 'up.vendor.example' },
      bytesToServer: 700,
      bytesToClient: 90,
      durationMs: 90,
      method: 'POST',
      url: 'http://up.vendor.example/hl7',
      status: 200,
      contentType: 'text/html',
      outcome: 'success',
      agent: 'a "b"',
      proxyResult: 'TCP_MISS',
      reached: 'server',
    },
  },
];

/** Symantec ProxySG, Edge SWG and cloud SWG. */
export const proxysg: Format = {
  name: 'proxysg',
  product: 'Symantec (Blue Coat) ProxySG and Edge SWG access log, W3C extended',
  manual:
    'Broadcom, "ProxySG Log Fields and Substitutions", version 6.5.x through 7.3.x; "Access Log Formats", facility main',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'always',
    bytesToClient: 'always',
    durationMs: 'always',
    method: 'sometimes',
    url: 'always',
    status: 'sometimes',
    contentType: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
    proxyResult: 'always',
    reached: 'always',
  },
  blindSpots: [
    {
      missing: 'the address of the server, which the facility main does not log as the appliance comes',
      consequence: 'where a receiver is cannot be told, unless the URL itself holds an address',
      remedy: {
        file: "the appliance's command line",
        line: RECOMMENDED,
      },
    },
    {
      missing: 'the media type of what a client sent',
      consequence: 'an upload is judged by the type of the reply, its URL and its receiver',
      remedy: {
        file: "the appliance's command line",
        line: RECOMMENDED,
      },
    },
    {
      missing: 'what went through a tunnel that was not decrypted',
      consequence: 'such a connection shows its host and sizes, and only when it is closed',
    },
  ],
  samples,
  reader: (options) => w3cReader({ tableOf, separator: ' ', defaultFields: MAIN_FIELDS.split(' ') }, options),
};
