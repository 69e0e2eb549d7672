import { createSplitter } from '../../engines/delimited.ts';
import type { Lookup } from '../../engines/lookup.ts';
import { namedColumns } from '../../engines/named-columns.ts';
import { compileTable, type RecordTable, type Remarks } from '../../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../../format.ts';
import { BLANK_LINE, isBlank } from '../../values/blank-line.ts';
import { digitsOf } from '../../values/digits.ts';
import { clfTime } from '../../values/log-time.ts';
import { unreadable } from '../../values/reading.ts';

/** In the order of the manual; fields are added at the end from time to time. */
const COLUMNS =
  'bucket_owner bucket time remote_ip requester request_id operation key request_uri http_status error_code bytes_sent object_size total_time turn_around_time referrer user_agent version_id host_id signature_version cipher_suite authentication_type host_header tls_version access_point_arn acl_required'.split(
    ' ',
  );
const FEWEST_COLUMNS = COLUMNS.indexOf('user_agent') + 1;

/**
 * Server access logs of Amazon S3, where the bucket is ours. By "Amazon S3 server access log format": `Bytes Sent` are
 * those of the response, without the protocol's own; `Object Size` is that of the object, which is what a PUT sent;
 * `Remote IP` is the requester's, `-` for a service of AWS.
 */
const table: RecordTable = {
  kind: 'http',
  nothing: ['-', ''],
  time: [clfTime('time')],
  client: { ip: ['remote_ip'], user: ['requester'] },
  server: { host: ['host_header'] },
  bytesToClient: ['bytes_sent'],
  duration: { names: ['total_time'], unit: 'milliseconds' },
  method: ['method'],
  url: ['url'],
  status: ['http_status'],
  agent: ['user_agent'],
  referrer: ['referrer'],
  proxyResult: ['operation'],
  remarks,
};

function remarks(lookup: Lookup): Remarks {
  const key = lookup('key');
  const status = lookup('http_status') ?? '';
  const isUpload = /^(?:REST\.(?:PUT|POST)\.(?:OBJECT|PART)|REST\.POST\.UPLOAD)$/.test(lookup('operation') ?? '');
  const size = lookup('object_size') ?? '';
  const sent = isUpload ? digitsOf(size, 0, size.length) : Number.NaN;
  return {
    ...(!Number.isNaN(sent) && { bytesToServer: sent }),
    ...(key !== undefined && {
      file: { path: decodedKey(key), operation: isUpload ? ('write' as const) : ('read' as const) },
    }),
    ...(status !== '' && { outcome: outcomeOf(status) }),
  };
}

function outcomeOf(status: string) {
  if (status === '401' || status === '403') return 'denied';
  return status < '400' ? 'success' : 'failure';
}

/** Keys are URL-encoded twice. What is no encoding stays as it is. */
function decodedKey(key: string): string {
  let decoded = key;
  for (let times = 0; times < 2 && decoded.includes('%'); times++) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      break;
    }
  }
  return decoded;
}

function reader(options: ReaderOptions): LineReader {
  const { split, columns } = createSplitter({ separator: ' ', quotes: 'doubled', brackets: true });
  const read = compileTable(table, options);
  const column = namedColumns(COLUMNS, columns);
  const lookup: Lookup = (name) => {
    if (name === 'method') return column('request_uri')?.split(' ', 1)[0];
    if (name === 'host_header' || name === 'tls_version') return isWhole(column) ? column(name) : undefined;
    return name === 'url' ? urlOf(lookup) : column(name);
  };
  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (!split(text)) return BAD_QUOTES;
    return columns.count < FEWEST_COLUMNS ? TOO_SHORT : read(lookup, context);
  };
}

/** Quotes in a user agent are not protected, so what stands behind one is believed only where it is what it must be. */
function isWhole(column: Lookup): boolean {
  return /^(?:SigV[24]|-)$/.test(column('signature_version') ?? '');
}

/** `GET /charts/2026.pdf?x-id=GetObject HTTP/1.1` at the host that was asked. */
function urlOf(column: Lookup): string | undefined {
  const request = column('request_uri');
  if (request === undefined || request === '-') return undefined;
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  const target = first === -1 ? undefined : request.slice(first + 1, last > first ? last : undefined);
  const host = column('host_header');
  if (target === undefined || host === undefined || host === '-') return target;
  const isTls = (column('tls_version') ?? '-') !== '-';
  return `${isTls ? 'https' : 'http'}://${host}${target}`;
}

const BAD_QUOTES = unreadable('a quote or bracket is not closed');
const TOO_SHORT = unreadable('the line has fewer columns than an access log');

const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';

const samples: readonly Sample[] = [
  {
    line: `${OWNER} hosp-exports [24/Nov/2026:04:04:57 +0000] 192.0.2.17 - 3E57427F3EXAMPLF REST.GET.OBJECT a.pdf "GET /a.pdf HTTP/1.1" 403 AccessDenied 243 - 11 - "-" "x" y" - s9lz= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader hosp-exports.s3.us-east-2.amazonaws.com TLSv1.3 - -`,
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:57.000Z',
      client: { ip: '192.0.2.17' },
      bytesToClient: 243,
      durationMs: 11,
      method: 'GET',
      url: '/a.pdf',
      status: 403,
      file: { path: 'a.pdf', operation: 'read' },
      outcome: 'denied',
      agent: 'x',
      proxyResult: 'REST.GET.OBJECT',
    },
  },
  {
    line: `${OWNER} hosp-exports [24/Nov/2026:04:04:56 +0000] 192.0.2.17 arn:aws:iam::123456789012:user/coder1 3E57427F3EXAMPLE REST.GET.OBJECT charts/2026%2520may.pdf "GET /charts/2026%20may.pdf?x-id=GetObject HTTP/1.1" 200 - 66893 66893 151 20 "-" "aws-cli/2.15 ("x") md/1" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader hosp-exports.s3.us-east-2.amazonaws.com TLSv1.3 - -`,
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '192.0.2.17', user: 'arn:aws:iam::123456789012:user/coder1' },
      server: { port: 443, host: 'hosp-exports.s3.us-east-2.amazonaws.com' },
      bytesToClient: 66_893,
      durationMs: 151,
      method: 'GET',
      url: 'https://hosp-exports.s3.us-east-2.amazonaws.com/charts/2026%20may.pdf?x-id=GetObject',
      status: 200,
      file: { path: 'charts/2026 may.pdf', operation: 'read' },
      outcome: 'success',
      agent: 'aws-cli/2.15 ("x") md/1',
      proxyResult: 'REST.GET.OBJECT',
    },
  },
  {
    line: `${OWNER} hosp-exports [24/Nov/2026:04:05:01 +0000] - svc:s3.amazonaws.com 3E57427F33A59F07 REST.PUT.OBJECT in/a.837 "PUT /in/a.837 HTTP/1.1" 200 - - 1048576 93 40 "-" "-" - -`,
    record: {
      kind: 'http',
      time: '2026-11-24T04:05:01.000Z',
      client: { user: 'svc:s3.amazonaws.com' },
      bytesToServer: 1_048_576,
      durationMs: 93,
      method: 'PUT',
      url: '/in/a.837',
      status: 200,
      file: { path: 'in/a.837', operation: 'write' },
      outcome: 'success',
      proxyResult: 'REST.PUT.OBJECT',
    },
  },
];

/** Server access logs of Amazon S3. */
export const awsS3: Format = {
  name: 'aws-s3',
  product: 'Amazon S3 server access log',
  manual: 'Amazon S3 User Guide, "Amazon S3 server access log format"',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    durationMs: 'always',
    method: 'always',
    url: 'always',
    status: 'always',
    file: 'sometimes',
    outcome: 'always',
    agent: 'sometimes',
    referrer: 'sometimes',
    proxyResult: 'always',
  },
  blindSpots: [
    {
      missing: 'the host, where a user agent holds a quote before a blank: S3 does not protect quotes',
      consequence: 'such a request is known by its path alone',
    },
    {
      missing: 'copies that AWS makes by itself: replication, and COPY to a bucket elsewhere, have no remote address',
      consequence: 'data that a replication rule takes to a region abroad is not seen here',
    },
    {
      missing: 'some requests: the logs are written as well as can be, and hours late',
      consequence: 'absence of a line is not absence of a download',
    },
    {
      missing: 'the client behind CloudFront or an endpoint of our own VPC',
      consequence: 'the address in the log is not that of whoever reads the data in the end',
    },
  ],
  samples,
  reader,
};
