import { createCefReader } from '../engines/cef.ts';
import { eventLineReader } from '../engines/event-line.ts';
import type { Lookup } from '../engines/lookup.ts';
import type { RecordTable, Remarks, RemarksDraft } from '../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../format.ts';
import { proxiedOutcome } from '../values/http-outcome.ts';
import { eitherTime, epochTime, isoTime, monthFirstTime } from '../values/log-time.ts';

const anyTime = (name: string) => eitherTime(epochTime(name), monthFirstTime(name), isoTime(name));

/**
 * By "Implementing ArcSight Common Event Format (CEF)", `src` is the source of the event's connection, `dst` its
 * destination. The two counts are another matter: see `OUT_IS_SENT`.
 */
const table: RecordTable = {
  kind: 'http',
  nothing: ['', '-', 'N/A'],
  time: [epochTime('FTNTFGTeventtime'), anyTime('end'), anyTime('rt'), anyTime('start'), epochTime('syslog time')],
  client: { ip: ['src', 'c6a2'], port: ['spt'], host: ['shost'], user: ['suser'] },
  server: { ip: ['dst', 'c6a3'], port: ['dpt'], host: ['dhost', 'destinationDnsDomain'] },
  method: ['requestMethod'],
  url: ['request'],
  session: ['externalId'],
  agent: ['requestClientApplication'],
  proxyResult: ['act'],
  remarks,
};

/**
 * The guide says that `in` went from source to destination and `out` came back. These write it the other way round, `out`
 * is what the source sent: "CEF Configuration Guide" for PAN-OS, Forcepoint's and Zscaler's feeds, "Traffic log support
 * for CEF" of FortiOS. Of any other vendor nobody can say, so its counts are left out.
 */
const OUT_IS_SENT = new Set(['palo alto networks', 'forcepoint', 'websense', 'zscaler', 'fortinet']);

function remarks(lookup: Lookup): Remarks {
  const found: RemarksDraft = {};
  const isBlocked = /^(?:block|den|drop|reject|prevent|reset)/i.test(lookup('act') ?? '');
  const outcome = isBlocked ? 'denied' : proxiedOutcome(statusOf(lookup));
  const name = lookup('fname');
  const dlp = dlpOf(lookup);
  if (lookup('requestMethod') === undefined) found.kind = 'flow';
  addCounts(found, lookup);
  if (name !== undefined) found.file = { path: name, operation: 'write' };
  if (outcome !== undefined) found.outcome = outcome;
  if (dlp !== undefined) found.dlp = dlp;
  return found;
}

function addCounts(found: RemarksDraft, lookup: Lookup): void {
  if (!OUT_IS_SENT.has(lookup('deviceVendor')?.toLowerCase() ?? '')) return;
  const [sent, received] = [countIn(lookup('out')), countIn(lookup('in'))];
  if (sent !== undefined) found.bytesToServer = sent;
  if (received !== undefined) found.bytesToClient = received;
}

function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function statusOf(lookup: Lookup): string | undefined {
  const outcome = lookup('outcome');
  return outcome !== undefined && /^[1-5]\d\d$/.test(outcome) ? outcome : undefined;
}

/** `cs1Label=DLP Engine cs1=HIPAA`: what a custom field means stands in another one. */
function dlpOf(lookup: Lookup): { readonly engine: string } | undefined {
  for (const [key, label] of CUSTOM_STRINGS) {
    const meaning = lookup(label);
    if (meaning === undefined || !/\bdlp/i.test(meaning)) continue;
    const engine = lookup(key);
    if (engine !== undefined && !/^none$/i.test(engine)) return { engine };
  }
  return undefined;
}

const CUSTOM_STRINGS = [1, 2, 3, 4, 5, 6].map((it) => [`cs${it}`, `cs${it}Label`] as const);

function reader(options: ReaderOptions): LineReader {
  return eventLineReader(createCefReader(), 'the line holds no CEF header', table, options);
}

const samples: readonly Sample[] = [
  {
    line: '<14>Nov 24 04:04:57 nss CEF:0|Zscaler|NSSWeblog|5.7|Allowed|Allowed|3|act=Allowed suser=jdoe@hosp.example src=10.1.2.3 dst=192.0.2.9 dhost=up.vendor.example request=https://up.vendor.example/in?a\\=1 requestMethod=POST requestClientApplication=curl/8.5.0 (x) outcome=201 in=312 out=1048840 rt=Nov 24 2026 04:04:56 fname=a.837 cs3Label=dlpengine cs3=HIPAA cs4Label=dlpdictionary cs4=Medical Information',
    record: {
      kind: 'http',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '10.1.2.3', user: 'jdoe@hosp.example' },
      server: { ip: '192.0.2.9', port: 443, host: 'up.vendor.example' },
      bytesToServer: 1_048_840,
      bytesToClient: 312,
      method: 'POST',
      url: 'https://up.vendor.example/in?a=1',
      file: { path: 'a.837', operation: 'write' },
      outcome: 'success',
      agent: 'curl/8.5.0 (x)',
      dlp: { engine: 'HIPAA' },
      proxyResult: 'Allowed',
    },
  },
  {
    line: 'CEF:0|Acme|Sensor|2|100|connection|3|src=10.1.2.3 spt=51514 dst=192.0.2.9 dpt=443 in=70021 out=5120 end=1795493097000',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:57.000Z',
      client: { ip: '10.1.2.3', port: 51_514 },
      server: { ip: '192.0.2.9', port: 443 },
    },
  },
  {
    line: '2026-11-24T04:04:58+00:00 fw1 CEF:1|Palo Alto Networks|PAN-OS|10.1|end|TRAFFIC|1|src=10.1.2.3 dst=192.0.2.9 spt=51515 dpt=443 suser=hosp\\\\jdoe in=312 out=66893 act=allow externalId=33817',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:58.000Z',
      client: { ip: '10.1.2.3', port: 51_515, user: 'hosp\\jdoe' },
      server: { ip: '192.0.2.9', port: 443 },
      bytesToServer: 66_893,
      bytesToClient: 312,
      session: '33817',
      proxyResult: 'allow',
    },
  },
  {
    line: '<189>Nov 24 04:05:56 fg1 CEF: 0|Fortinet|Fortigate|v7.0.3|00013|traffic:forward close|3|deviceExternalId=FG100FTK20000001 FTNTFGTeventtime=1795493159168433152 cat=traffic:forward src=10.1.2.3 spt=51516 dst=192.0.2.9 dpt=443 externalId=402 proto=6 act=close out=70021 in=5120',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:05:59.168Z',
      client: { ip: '10.1.2.3', port: 51_516 },
      server: { ip: '192.0.2.9', port: 443 },
      bytesToServer: 70_021,
      bytesToClient: 5_120,
      session: '402',
      proxyResult: 'close',
    },
  },
];

/** ArcSight Common Event Format, of whatever product. */
export const cef: Format = {
  name: 'cef',
  product: 'Any product that writes CEF',
  manual: 'Micro Focus, "Implementing ArcSight Common Event Format (CEF)", version 26',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'sometimes',
    server: 'sometimes',
    bytesToServer: 'sometimes',
    bytesToClient: 'sometimes',
    method: 'sometimes',
    url: 'sometimes',
    file: 'sometimes',
    session: 'sometimes',
    outcome: 'sometimes',
    agent: 'sometimes',
    dlp: 'sometimes',
    proxyResult: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'which of `in` and `out` was sent, unless the vendor is one that is known',
      consequence: "the sizes of such events are left out: use the product's own format where there is one",
    },
    {
      missing: 'what a product does not map to the dictionary of CEF',
      consequence: 'its own keys are not read',
    },
  ],
  samples,
  reader,
};
