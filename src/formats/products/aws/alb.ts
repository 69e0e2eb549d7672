import { createSplitter } from '../../engines/delimited.ts';
import type { Lookup } from '../../engines/lookup.ts';
import { namedColumns } from '../../engines/named-columns.ts';
import { compileTable, type RecordTable, type Remarks } from '../../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../../format.ts';
import { BLANK_LINE, isBlank } from '../../values/blank-line.ts';
import { isoTimeUtc } from '../../values/log-time.ts';
import { skipped, unreadable } from '../../values/reading.ts';

/** In the order of the manual; newer entries have more behind them. */
const COLUMNS =
  'type time elb client target request_processing_time target_processing_time response_processing_time elb_status_code target_status_code received_bytes sent_bytes request user_agent ssl_cipher ssl_protocol target_group_arn trace_id domain_name chosen_cert_arn matched_rule_priority request_creation_time actions_executed'.split(
    ' ',
  );
const FEWEST_COLUMNS = COLUMNS.indexOf('user_agent') + 1;

/**
 * An AWS Application Load Balancer, where we are the server. By "Access logs for your Application Load Balancer":
 * `received_bytes` is the size of the request from the client, `sent_bytes` that of the response to it, over WebSockets
 * all that was received and sent; the target is our own.
 */
const table: RecordTable = {
  kind: 'http',
  nothing: ['-'],
  time: [isoTimeUtc('time')],
  client: { ip: ['client ip'], port: ['client port'] },
  server: { host: ['domain_name'] },
  bytesToServer: ['received_bytes'],
  bytesToClient: ['sent_bytes'],
  duration: { names: ['duration'], unit: 'seconds' },
  method: ['method'],
  url: ['url'],
  status: ['elb_status_code'],
  agent: ['user_agent'],
  remarks,
};

function remarks(lookup: Lookup): Remarks {
  const status = lookup('elb_status_code');
  if (status === undefined) return {};
  // 460: the client closed the connection before the idle timeout. 401, 403: also what its own actions and WAF refuse.
  if (status === '460') return { outcome: 'aborted' };
  if (status === '401' || status === '403') return { outcome: 'denied' };
  return { outcome: status >= '500' ? 'failure' : 'success' };
}

const TYPES = new Set(['http', 'https', 'h2', 'grpcs', 'ws', 'wss']);

function reader(options: ReaderOptions): LineReader {
  const { split, columns } = createSplitter({ separator: ' ', quotes: 'backslash' });
  const read = compileTable(table, options);
  const column = namedColumns(COLUMNS, columns);
  const lookup: Lookup = (name) => {
    switch (name) {
      case 'client ip':
        return beforeLastColon(column('client'));
      case 'client port':
        return behindLastColon(column('client'));
      case 'method':
        return column('request')?.split(' ', 1)[0];
      case 'url':
        return urlIn(column('request'));
      case 'duration':
        return totalTime(column);
      default:
        return column(name);
    }
  };
  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (!split(text)) return BAD_QUOTES;
    const type = columns.at(0) ?? '';
    if (/^\d{4}-\d\d-\d\dT/.test(type)) return CONNECTION_LOG;
    if (!TYPES.has(type)) return NO_TYPE;
    return columns.count < FEWEST_COLUMNS ? TOO_SHORT : read(lookup, context);
  };
}

function beforeLastColon(text: string | undefined): string | undefined {
  const colon = text?.lastIndexOf(':') ?? -1;
  return colon === -1 ? text : text?.slice(0, colon);
}

function behindLastColon(text: string | undefined): string | undefined {
  const colon = text?.lastIndexOf(':') ?? -1;
  return colon === -1 ? undefined : text?.slice(colon + 1);
}

/** `POST https://portal.hosp.example:443/in?a=1 HTTP/2.0`; the target may hold blanks, and is `-` for what was no HTTP. */
function urlIn(request: string | undefined): string | undefined {
  if (request === undefined) return undefined;
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  const url = first === -1 || last === first ? undefined : request.slice(first + 1, last).trim();
  return url === undefined || url === '-' || url === '' ? undefined : url.replace(OWN_PORT, '$1$2');
}

/** The load balancer always writes the port. */
const OWN_PORT = /^(?:(http:\/\/[^/:]+):80|(https:\/\/[^/:]+):443)(?=\/|$)/;

/** The three times are -1 where a step was not reached. */
function totalTime(column: Lookup): string | undefined {
  const times = ['request_processing_time', 'target_processing_time', 'response_processing_time'].map((it) =>
    Number(column(it)),
  );
  return times.every((it) => it >= 0) ? times.reduce((sum, it) => sum + it, 0).toFixed(6) : undefined;
}

const BAD_QUOTES = unreadable('a quote is not closed');
const NO_TYPE = unreadable('the line does not begin with a type of request that the load balancer writes');
const TOO_SHORT = unreadable('the line has fewer columns than an access log');
const CONNECTION_LOG = skipped('a connection log, which has no sizes');

const samples: readonly Sample[] = [
  {
    line: 'https 2026-11-24T04:04:56.168433Z app/portal/50dc6c495c0c9188 192.0.2.17:40000 10.0.0.5:8443 0.001 0.149 0.001 200 200 611 66893 "GET https://portal.hosp.example:443/charts/2026.pdf?ward=3 HTTP/2.0" "Mozilla/5.0 (\\"X\\")" TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/portal/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "portal.hosp.example" "session-reused" 0 2026-11-24T04:04:56.017000Z "forward" "-" "-" "10.0.0.5:8443" "200" "-" "-" TID_1',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.168Z',
      client: { ip: '192.0.2.17', port: 40_000 },
      server: { port: 443, host: 'portal.hosp.example' },
      bytesToServer: 611,
      bytesToClient: 66_893,
      durationMs: 151,
      method: 'GET',
      url: 'https://portal.hosp.example/charts/2026.pdf?ward=3',
      status: 200,
      outcome: 'success',
      agent: 'Mozilla/5.0 ("X")',
    },
  },
  {
    line: 'http 2026-11-24T04:04:57.000000Z app/portal/50dc6c495c0c9188 192.0.2.18:40001 - -1 -1 -1 460 - 0 0 "- http://portal.hosp.example:80- -" "-" - - - "-" "-" "-" - 2026-11-24T04:04:57.000000Z "-" "-" "-" "-" "-" "-" "-"',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:57.000Z',
      client: { ip: '192.0.2.18', port: 40_001 },
      bytesToServer: 0,
      bytesToClient: 0,
      url: 'http://portal.hosp.example:80-',
      status: 460,
      outcome: 'aborted',
    },
  },
];

/** AWS Application Load Balancer. */
export const awsAlb: Format = {
  name: 'aws-alb',
  product: 'AWS Application Load Balancer access log',
  manual: 'Elastic Load Balancing, Application Load Balancers, "Access logs for your Application Load Balancer"',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'sometimes',
    bytesToServer: 'always',
    bytesToClient: 'always',
    durationMs: 'sometimes',
    method: 'sometimes',
    url: 'sometimes',
    status: 'always',
    outcome: 'always',
    agent: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'who the client is: no user is logged',
      consequence: 'a vendor is known by its addresses alone',
    },
    {
      missing: 'the client behind another proxy or a CDN',
      consequence: "the address in the log is that proxy's",
    },
    {
      missing: 'some requests: the logs are written as well as can be, every five minutes',
      consequence: 'absence of a line is not absence of a download, and alerts come minutes late',
    },
  ],
  samples,
  reader,
};
