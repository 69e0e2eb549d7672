import { eventLineReader } from '../engines/event-line.ts';
import { createLeefReader } from '../engines/leef.ts';
import type { Lookup } from '../engines/lookup.ts';
import type { RecordTable, Remarks } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import { eitherTime, epochTime, isoTime, monthFirstTime, slashedTime } from '../values/log-time.ts';

/**
 * By "Log Event Extended Format (LEEF)", "Predefined LEEF event attributes": `src` is the source and `dst` the destination
 * of the connection, `srcBytes` the count of the source, `dstBytes` that of the destination: each side's is what it sent.
 */
const table: RecordTable = {
  kind: 'http',
  nothing: ['', '-', 'N/A', 'None', 'NA'],
  time: [
    eitherTime(epochTime('devTime'), monthFirstTime('devTime'), isoTime('devTime'), slashedTime('devTime')),
    epochTime('syslog time'),
  ],
  client: { ip: ['src'], port: ['srcPort'], user: ['usrName'] },
  server: { ip: ['dst'], port: ['dstPort'], host: ['dstHost', 'dstHostname'] },
  bytesToServer: ['srcBytes'],
  bytesToClient: ['dstBytes'],
  method: ['method', 'requestMethod'],
  url: ['url'],
  contentType: ['contentType', 'mimeType'],
  agent: ['userAgent', 'useragent'],
  referrer: ['referer', 'referrer'],
  dlp: { engine: ['dlpEngine', 'dlpengine'], rule: ['dlpDictionary', 'dlpdictionaries'] },
  proxyResult: ['action', 'policyAction'],
  remarks,
};

function remarks(lookup: Lookup): Remarks {
  const action = lookup('action') ?? lookup('policyAction') ?? lookup('eventId') ?? '';
  const isBlocked = /^(?:block|den|drop|reject)/i.test(action);
  const hasMethod = lookup('method') !== undefined || lookup('requestMethod') !== undefined;
  return { ...(!hasMethod && { kind: 'flow' as const }), ...(isBlocked && { outcome: 'denied' as const }) };
}

function reader(options: ReaderOptions): LineReader {
  return eventLineReader(createLeefReader(), 'the line holds no LEEF header', table, options);
}

const samples: readonly Sample[] = [
  {
    line: 'LEEF:1.0|Zscaler|NSS|4.1|Allowed|cat=Allowed\tdevTime=Nov 24 2026 04:04:56 GMT\tdevTimeFormat=MMM dd yyyy HH:mm:ss z\tsrc=10.1.2.3\tdst=192.0.2.9\tsrcBytes=1048840\tdstBytes=312\tusrName=jdoe@hosp.example\tmethod=POST\turl=https://up.vendor.example/in?a=1\tuserAgent=curl/8.5.0\tdlpEngine=HIPAA\tdlpDictionary=Medical Information\taction=Allowed',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '10.1.2.3', user: 'jdoe@hosp.example' },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      method: 'POST',
      url: 'https://up.vendor.example/in?a=1',
      agent: 'curl/8.5.0',
      dlp: { engine: 'HIPAA', rule: 'Medical Information' },
      proxyResult: 'Allowed',
    },
  },
  {
    line: 'Nov 24 04:04:57 fw1 LEEF:2.0|Acme|Firewall|2|Blocked|^|src=10.1.2.3^srcPort=51514^dst=192.0.2.9^dstPort=443^proto=TCP',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:57.000Z',
      client: { ip: '10.1.2.3', port: 51_514 },
      server: { ip: '192.0.2.9', port: 443 },
      outcome: 'denied',
    },
  },
];

/** IBM Log Event Extended Format, of whatever product. */
export const leef: Format = {
  name: 'leef',
  product: 'Any product that writes LEEF 1.0 or 2.0',
  manual: 'IBM QRadar, "Log Event Extended Format (LEEF)", versions 1.0 and 2.0',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'sometimes',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    method: 'sometimes',
    url: 'sometimes',
    contentType: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    referrer: 'sometimes',
    dlp: 'sometimes',
    proxyResult: 'sometimes',
  },
  blindSpots: [
    {
      missing: "times in a pattern of the product's own (devTimeFormat), other than ISO, epoch and `MMM dd yyyy`",
      consequence: 'such a line cannot be read',
    },
    {
      missing: 'what a product does not map to the predefined attributes',
      consequence: 'its own keys are not read',
    },
  ],
  samples,
  reader,
};
