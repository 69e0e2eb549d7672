import { type Zone, zoneNamed } from '../../../time/zone.ts';
import { compileTemplate, MATCHED } from '../../engines/template.ts';
import type { LineReader, ReaderOptions, Reading } from '../../format.ts';
import { findHeaderTail } from './headers.ts';
import { badTemplate, type SquidLogformat } from './logformat.ts';
import { squidRecordReader } from './record.ts';
import { squidTimeReader } from './time.ts';
import { squidValues } from './values.ts';

export interface SquidReaderOptions extends ReaderOptions {
  /** Whether `log_mime_hdrs on` may have put the headers behind the line: it does so after the built-in formats only. */
  readonly mayHaveHeaderTail: boolean;
}

/**
 * Compiles logformats to a reader of the lines they print; where there are several, the first that fits a line reads
 * it.
 *
 * @throws OperatorError `format.bad-template` when a logformat does not tell the time
 */
export function squidReader(logformats: readonly SquidLogformat[], options: SquidReaderOptions): LineReader {
  const zone = zoneNamed(options.timezone);
  const readers = logformats.map((logformat) => compileReader(logformat, zone, options.mayHaveHeaderTail));

  return (text, context) => {
    const firstCode = text.charCodeAt(0);
    if (firstCode === HASH) return COMMENT;
    if (!(firstCode > BLANK) && text.trim() === '') return BLANK_LINE;
    let first: Reading | undefined;
    for (const read of readers) {
      const reading = read(text, context);
      if (reading.kind === 'record') return reading;
      first ??= reading;
    }
    return first ?? BLANK_LINE;
  };
}

function compileReader(logformat: SquidLogformat, zone: Zone, mayHaveHeaderTail: boolean): LineReader {
  const { fields, after } = logformat;
  const { spans, match } = compileTemplate(fields, after);
  const readRecord = squidRecordReader(squidValues(fields, spans));
  const departures = fields.map(({ code }) => unreadable(`the line departs from the logformat at %${code}`));
  const readTime = squidTimeReader(fields, zone);
  if (readTime === undefined) {
    throw badTemplate('Found no time in the logformat', 'write %ts.%03tu at its beginning, in squid.conf and here');
  }
  return (text, { writtenBeforeMs }) => {
    const tail = mayHaveHeaderTail ? findHeaderTail(text) : undefined;
    const departure = match(text, tail?.lineEnd ?? text.length);
    if (departure !== MATCHED) return departures[departure] ?? BAD_TIME;
    const timeMs = readTime(text, spans, writtenBeforeMs);
    return Number.isNaN(timeMs) ? BAD_TIME : readRecord(text, timeMs, tail);
  };
}

function unreadable(because: string): Reading {
  return { kind: 'unreadable', because };
}

const BLANK_LINE: Reading = { kind: 'skipped', because: 'blank line' };
const COMMENT: Reading = { kind: 'skipped', because: 'comment' };
const BAD_TIME = unreadable('no time stands where the logformat has it');

const BLANK = 32;
const HASH = 35;
