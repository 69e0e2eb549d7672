import { createSplitter } from '../../engines/delimited.ts';
import type { Lookup } from '../../engines/lookup.ts';
import { namedColumns } from '../../engines/named-columns.ts';
import { compileTable, type RecordTable, type Remarks } from '../../engines/record-table.ts';
import type { Format, LineReader, ReaderOptions, Sample } from '../../format.ts';
import { BLANK_LINE, isBlank } from '../../values/blank-line.ts';
import { epochSeconds } from '../../values/log-time.ts';
import { unreadable } from '../../values/reading.ts';

/**
 * Flow logs of Amazon VPC. By "Flow log records": a record is what went one way, from source to destination, within an
 * interval; `bytes` counts whole packets; `pkt-srcaddr` and `pkt-dstaddr` are the ends themselves where `srcaddr` and
 * `dstaddr` are an interface in between, such as a NAT gateway's. The source stands for the client, whoever began.
 */
const table: RecordTable = {
  kind: 'flow',
  nothing: ['-'],
  time: [epochSeconds('end')],
  client: { ip: ['pkt-srcaddr', 'srcaddr'], port: ['srcport'] },
  server: { ip: ['pkt-dstaddr', 'dstaddr'], port: ['dstport'] },
  bytesToServer: ['bytes'],
  duration: { names: ['duration'], unit: 'seconds' },
  proxyResult: ['action'],
  remarks,
};

function remarks(lookup: Lookup): Remarks {
  const status = lookup('log-status');
  if (status === 'NODATA' || status === 'SKIPDATA') return { skip: 'an interval without records' };
  const action = lookup('action');
  if (action === 'REJECT') return { outcome: 'denied', bytesToClient: 0 };
  // What came back is a record of its own.
  return action === 'ACCEPT' ? { outcome: 'success', bytesToClient: 0 } : { bytesToClient: 0 };
}

const DEFAULT_FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );
/** A header row is told by these; lines of values never hold both. */
const NEEDED = ['bytes', 'end'];
const LONGEST_HEADER = 4_096;
const MAX_LAYOUTS = 64;

function reader(options: ReaderOptions): LineReader {
  const { split, columns } = createSplitter({ separator: ' ', quotes: 'none' });
  const read = compileTable(table, options);
  const layouts = new Map<string, { readonly count: number; readonly lookup: Lookup }>();

  function layoutOf(names: readonly string[]) {
    const column = namedColumns(names, columns);
    const lookup: Lookup = (name) => (name === 'duration' ? durationOf(column) : column(name));
    return { count: names.length, lookup };
  }
  const byDefault = layoutOf(DEFAULT_FIELDS);

  function layoutFor(fileHeader: string | undefined) {
    if (fileHeader === undefined) return byDefault;
    const known = layouts.get(fileHeader) ?? layoutOf(fileHeader.split(' '));
    if (layouts.size >= MAX_LAYOUTS) layouts.clear();
    layouts.set(fileHeader, known);
    return known;
  }

  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (isHeader(text)) return { kind: 'skipped', because: 'header', fileHeader: text };
    const layout = layoutFor(context.fileHeader);
    if (!split(text) || columns.count !== layout.count) return OTHER_COUNT;
    return read(layout.lookup, context);
  };
}

/** `version account-id interface-id ...`: names and nothing else. */
function isHeader(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first < LETTER_A || first > LETTER_Z || text.length > LONGEST_HEADER) return false;
  const names = text.split(' ');
  return NEEDED.every((it) => names.includes(it)) && names.every((it) => /^[a-z][a-z-]*$/.test(it));
}

function durationOf(column: Lookup): string | undefined {
  const [start, end] = [Number(column('start')), Number(column('end'))];
  return end >= start ? String(end - start) : undefined;
}

const LETTER_A = 97;
const LETTER_Z = 122;
const OTHER_COUNT = unreadable(
  'the line holds more or fewer values than the header of its file names, or, where none was seen, than version 2 has',
);

const samples: readonly Sample[] = [
  {
    line: '2 123456789012 eni-0a1b2c3d4e5f6a7b8 10.0.1.5 192.0.2.9 49152 443 6 700 1048840 1795493036 1795493096 ACCEPT OK',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '10.0.1.5', port: 49_152 },
      server: { ip: '192.0.2.9', port: 443 },
      bytesToServer: 1_048_840,
      bytesToClient: 0,
      durationMs: 60_000,
      outcome: 'success',
      proxyResult: 'ACCEPT',
    },
  },
  {
    line: '2 123456789012 eni-0a1b2c3d4e5f6a7b8 192.0.2.80 10.0.1.5 40000 22 6 1 44 1795493036 1795493096 REJECT OK',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '192.0.2.80', port: 40_000 },
      server: { ip: '10.0.1.5', port: 22 },
      bytesToServer: 44,
      bytesToClient: 0,
      durationMs: 60_000,
      outcome: 'denied',
      proxyResult: 'REJECT',
    },
  },
  {
    line: '2 123456789012 eni-0a1b2c3d4e5f6a7b8 - - - - - - - 1795493036 1795493096 - NODATA',
    record: 'skipped',
  },
  {
    line: 'version vpc-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol bytes start end action flow-direction log-status',
    record: 'skipped',
  },
  {
    line: '5 vpc-0a1b2c3d 10.0.0.220 192.0.2.9 10.0.1.5 192.0.2.9 49152 443 6 66893 1795493036 1795493096 ACCEPT egress OK',
    record: {
      kind: 'flow',
      time: '2026-11-24T04:04:56.000Z',
      client: { ip: '10.0.1.5', port: 49_152 },
      server: { ip: '192.0.2.9', port: 443 },
      bytesToServer: 66_893,
      bytesToClient: 0,
      durationMs: 60_000,
      outcome: 'success',
      proxyResult: 'ACCEPT',
    },
  },
];

/** Flow logs of Amazon VPC, as files in S3 or from CloudWatch. */
export const awsVpcFlow: Format = {
  name: 'aws-vpc-flow',
  product: 'Amazon VPC flow log: version 2, or any fields that the file names in its first line',
  manual: 'Amazon VPC User Guide, "Flow log records": default format and available fields',
  tells: {
    kind: 'always',
    timeMs: 'always',
    client: 'always',
    server: 'always',
    bytesToServer: 'always',
    bytesToClient: 'always',
    durationMs: 'always',
    outcome: 'sometimes',
    proxyResult: 'sometimes',
  },
  blindSpots: [
    {
      missing: 'the names of servers',
      consequence: 'a vendor is known by its networks alone',
    },
    {
      missing: 'the ends behind a NAT gateway or a load balancer, in the default format',
      consequence: 'the address of the interface in between stands for them',
      remedy: {
        file: 'aws ec2 create-flow-logs --log-format',
        line: `'\${version} \${vpc-id} \${srcaddr} \${dstaddr} \${pkt-srcaddr} \${pkt-dstaddr} \${srcport} \${dstport} \${protocol} \${bytes} \${start} \${end} \${action} \${flow-direction} \${log-status}'`,
      },
    },
    {
      missing: 'the order of the fields of a custom format that comes through CloudWatch, without a first line',
      consequence: 'such lines cannot be read: let the flow log deliver to S3',
    },
    {
      missing:
        'the payload alone: whole packets are counted, and each direction by itself in intervals of one to ten minutes',
      consequence: 'an upload of an hour is several findings of one alert, some percent too large',
    },
  ],
  samples,
  reader,
};
