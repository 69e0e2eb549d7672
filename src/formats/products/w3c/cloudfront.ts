import type { Lookup } from '../../engines/lookup.ts';
import type { RecordTable, Remarks } from '../../engines/record-table.ts';
import type { Format, Sample } from '../../format.ts';
import { dateAndTime } from '../../values/log-time.ts';
import { urlFromParts } from '../../values/url-from-parts.ts';
import type { W3cHeader } from './header.ts';
import { w3cReader } from './reader.ts';
import { writerOf } from './writer.ts';

/**
 * Amazon CloudFront, where we are the server. By "Configure and use standard logs (access logs)": `cs-bytes` are all that
 * the viewer sent, headers included; `sc-bytes` all that CloudFront sent to the viewer; `x-host-header` is the host that
 * the viewer asked for, `cs(Host)` the distribution's; `time-taken` counts seconds; a status of 000 is a viewer that left
 * before the answer.
 */
export const cloudfrontTable: RecordTable = {
  kind: 'http',
  nothing: ['-'],
  time: [dateAndTime('date', 'time', true)],
  client: { ip: ['c-ip'], port: ['c-port'] },
  server: { host: ['x-host-header', 'cs(host)'] },
  bytesToServer: ['cs-bytes'],
  bytesToClient: ['sc-bytes'],
  duration: { names: ['time-taken'], unit: 'seconds' },
  method: ['cs-method'],
  url: (lookup) =>
    urlFromParts({
      scheme: lookup('cs-protocol'),
      host: lookup('x-host-header') ?? lookup('cs(host)'),
      port: undefined,
      path: lookup('cs-uri-stem'),
      query: lookup('cs-uri-query'),
    }),
  status: ['sc-status'],
  contentType: ['sc-content-type'],
  agent: ['cs(user-agent)'],
  referrer: ['cs(referer)'],
  proxyResult: ['x-edge-result-type'],
  remarks,
};

function remarks(lookup: Lookup): Remarks {
  const status = lookup('sc-status') ?? '';
  if (status === '000') return { outcome: 'aborted' };
  if (status === '401' || status === '403') return { outcome: 'denied' };
  if (status >= '500') return { outcome: 'failure' };
  return status === '' ? {} : { outcome: 'success' };
}

/** In the order of the manual; the list has grown at its end, and files say in `#Fields` how far. */
const FIELDS =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end';

/** A header without a name and without a field of its own may be anybody's, and so CloudFront's. */
function tableOf(header: W3cHeader): RecordTable | undefined {
  return (writerOf(header) ?? 'cloudfront') === 'cloudfront' ? cloudfrontTable : undefined;
}

const samples: readonly Sample[] = [
  { line: '#Version: 1.0', record: 'skipped' },
  { line: `#Fields: ${FIELDS}`, record: 'skipped' },
  {
    line: '2026-11-24\t04:04:56\tBOM78-P4\t66893\t192.0.2.17\tGET\td111111abcdef8.cloudfront.net\t/charts/2026.pdf\t200\thttps://portal.hosp.example/\tMozilla/5.0%20(X11)\tward=3\t-\tMiss\tSOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\tportal.hosp.example\thttps\t611\t0.151\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\tMiss\tHTTP/2.0\t-\t-\t11040\t0.148\tMiss\tapplication/pdf\t66301\t-\t-',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '192.0.2.17', port: 11_040 },
      server: { port: 443, host: 'portal.hosp.example' },
      bytesToServer: 611,
      bytesToClient: 66_893,
      durationMs: 151,
      method: 'GET',
      url: 'https://portal.hosp.example/charts/2026.pdf?ward=3',
      status: 200,
      contentType: 'application/pdf',
      outcome: 'success',
      agent: 'Mozilla/5.0%20(X11)',
      referrer: 'https://portal.hosp.example/',
      proxyResult: 'Miss',
    },
  },
];

/** Amazon CloudFront's standard logs. */
export const cloudfront: Format = {
  name: 'cloudfront',
  product: 'Amazon CloudFront standard log (legacy, tab-separated)',
  manual:
    'Amazon CloudFront Developer Guide, "Configure and use standard logs (access logs)", "Standard log file fields"',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'always',
    bytesToClient: 'always',
    durationMs: 'always',
    method: 'always',
    url: 'always',
    status: 'sometimes',
    contentType: 'sometimes',
    outcome: 'always',
    agent: 'sometimes',
    referrer: 'sometimes',
    proxyResult: 'always',
  },
  blindSpots: [
    {
      missing: 'who the viewer is: no user is logged',
      consequence: 'a vendor is known by its addresses alone',
    },
    {
      missing: 'some requests: the logs are written as well as can be, and hours late',
      consequence: 'absence of a line is not absence of a download',
    },
  ],
  samples,
  reader: (options) => w3cReader({ tableOf, separator: '\t', defaultFields: FIELDS.split(' ') }, options),
};
