import type { CsvColumn } from '../../sources/settings.ts';
import { createSplitter } from '../engines/delimited.ts';
import { namedColumns } from '../engines/named-columns.ts';
import { compileTable, type RecordTable } from '../engines/record-table.ts';
import { badTemplate } from '../engines/web-template.ts';
import type { BlindSpot, Format, LineReader, ReaderOptions } from '../format.ts';
import { BLANK_LINE, isBlank } from '../values/blank-line.ts';
import { proxiedOutcome } from '../values/http-outcome.ts';
import { clfTime, ctime, eitherTime, epochTime, isoTime, monthFirstTime, slashedTime } from '../values/log-time.ts';
import { skipped, unreadable } from '../values/reading.ts';

/** The keys of a LogRecord stand for themselves; in lower case, as names of columns are compared. */
const name = (column: Exclude<CsvColumn, '-'>) => [column.toLowerCase()];

function tableOf(columns: readonly CsvColumn[]): RecordTable {
  const isHttp = columns.includes('method');
  return {
    kind: isHttp ? 'http' : 'flow',
    nothing: ['', '-'],
    time: [
      eitherTime(...[epochTime, isoTime, clfTime, slashedTime, ctime, monthFirstTime].map((read) => read('time'))),
    ],
    client: {
      ip: name('client.ip'),
      port: name('client.port'),
      host: name('client.host'),
      user: name('client.user'),
    },
    server: { ip: name('server.ip'), port: name('server.port'), host: name('server.host') },
    bytesToServer: name('bytesToServer'),
    bytesToClient: name('bytesToClient'),
    duration: { names: name('durationMs'), unit: 'milliseconds' },
    method: name('method'),
    url: name('url'),
    status: name('status'),
    contentType: name('contentType'),
    session: name('session'),
    agent: name('agent'),
    referrer: name('referrer'),
    dlp: { engine: name('dlp.engine'), rule: name('dlp.rule') },
    proxyResult: name('proxyResult'),
    remarks: (lookup) => {
      const path = lookup('file.path');
      const outcome = proxiedOutcome(lookup('status'));
      return {
        ...(path !== undefined && { file: { path, operation: 'write' } }),
        ...(outcome !== undefined && { outcome }),
      };
    },
  };
}

/**
 * The format of a CSV log (RFC 4180) whose columns the operator names. A row without any digit holds the columns' own
 * names, and is passed over.
 *
 * @throws OperatorError `format.bad-template` when no column is the time, or two are the same
 */
export function csvFormat(columns: readonly CsvColumn[]): Format {
  const keys = columns.filter((it) => it !== '-');
  if (!keys.includes('time')) {
    throw badTemplate('Found no time among the columns', 'write "time" in the place of the column that tells it');
  }
  const twice = keys.find((it, index) => keys.indexOf(it) !== index);
  if (twice !== undefined)
    throw badTemplate(`Found two columns "${twice}"`, 'write "-" for the one that is not needed');
  return {
    name: 'csv',
    product: 'CSV log, own columns',
    manual: 'RFC 4180, and the columns in the configuration',
    tells: tellsOf(keys),
    blindSpots: blindSpotsOf(keys),
    samples: [],
    reader: (options) => reader(columns, options),
  };
}

function reader(columns: readonly CsvColumn[], options: ReaderOptions): LineReader {
  const { split, columns: found } = createSplitter({ separator: ',', quotes: 'doubled' });
  const read = compileTable(tableOf(columns), options);
  const lookup = namedColumns(columns, found);
  return (text, context) => {
    if (isBlank(text)) return BLANK_LINE;
    if (!split(text)) return BAD_QUOTES;
    if (found.count !== columns.length) return OTHER_COUNT;
    return /\d/.test(text) ? read(lookup, context) : COLUMN_NAMES;
  };
}

function tellsOf(keys: readonly CsvColumn[]): Format['tells'] {
  const told = new Set(keys.map((it) => it.split('.', 1)[0]));
  const has = (key: string) => told.has(key);
  return {
    kind: 'always',
    timeMs: 'always',
    ...(has('client') && { client: 'sometimes' }),
    ...((has('server') || has('url')) && { server: 'sometimes' }),
    ...(has('bytesToServer') && { bytesToServer: 'sometimes' }),
    ...(has('bytesToClient') && { bytesToClient: 'sometimes' }),
    ...(has('durationMs') && { durationMs: 'sometimes' }),
    ...(has('method') && { method: 'sometimes' }),
    ...(has('url') && { url: 'sometimes' }),
    ...(has('status') && { status: 'sometimes', outcome: 'sometimes' }),
    ...(has('contentType') && { contentType: 'sometimes' }),
    ...(has('file') && { file: 'sometimes' }),
    ...(has('session') && { session: 'sometimes' }),
    ...(has('agent') && { agent: 'sometimes' }),
    ...(has('referrer') && { referrer: 'sometimes' }),
    ...(has('dlp') && { dlp: 'sometimes' }),
    ...(has('proxyResult') && { proxyResult: 'sometimes' }),
  };
}

const REMEDY = { file: 'the configuration of phi-egress', line: 'format: { csv: [time, client.ip, server.ip, ...] }' };

function blindSpotsOf(keys: readonly CsvColumn[]): readonly BlindSpot[] {
  const spots: BlindSpot[] = [];
  if (!keys.includes('server.ip') && !keys.includes('client.ip')) {
    spots.push({
      missing: 'the addresses of those who took part',
      consequence: 'where a receiver is cannot be told, unless the URL itself holds an address',
      remedy: REMEDY,
    });
  }
  if (!keys.includes('bytesToServer')) {
    spots.push({
      missing: 'the bytes that a client sent',
      consequence: 'an upload is seen, its size is not',
      remedy: REMEDY,
    });
  }
  return [...spots, { missing: 'whatever no column holds', consequence: 'it is not judged' }];
}

const BAD_QUOTES = unreadable('a quote is not closed');
const OTHER_COUNT = unreadable('the line holds more or fewer columns than the configuration names');
const COLUMN_NAMES = skipped('names of the columns');
