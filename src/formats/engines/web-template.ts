import { nearest } from '../../errors/nearest.ts';
import { OperatorError } from '../../errors/problem.ts';
import { type Zone, zoneNamed } from '../../time/zone.ts';
import type { LineReader, ReaderOptions, Reading } from '../format.ts';
import { digitsOf } from '../values/digits.ts';
import { compileTemplate, inseparableField, MATCHED, type TemplateField } from './template.ts';
import { ABSENT, type WebFields, type WebKey } from './web-keys.ts';
import { type CourseReader, webRecordReader } from './web-record.ts';
import type { TimePart } from './web-times.ts';

/** What a directive of a product's format string prints: one row of its table. */
export interface Directive {
  readonly holds: TemplateField['holds'];
  /** Absent where it tells nothing that we need. */
  readonly tells?: WebKey;
  readonly time?: TimePart;
  /** Of a duration, how many milliseconds one of what it counts has; 1 by default. */
  readonly unitMs?: number;
}

/** A directive where it stands in a format string. */
export interface WebField extends TemplateField, Pick<Directive, 'tells' | 'time' | 'unitMs'> {
  /** As the operator wrote it, for messages. */
  readonly code: string;
  /** Takes the product's quoting off. */
  readonly decode?: (raw: string) => string;
}

export interface WebTemplate {
  readonly fields: readonly WebField[];
  /** Literal text after the last field. */
  readonly after: string;
}

/** What a product writes beside the lines of its format strings. */
export interface Strays {
  /** What such a line is, where it belongs to the product's log. */
  readonly judge?: (text: string) => Reading | undefined;
  /** Of a line that the product cut short: how it would have gone on. */
  readonly complete?: (text: string) => string | undefined;
}

/** A format string that cannot be used. */
export function badTemplate(what: string, todo: string): OperatorError {
  return new OperatorError([{ code: 'format.bad-template', what, todo }]);
}

/** Words for a directive that a product does not have, with those that may have been meant. */
export function unknownDirective(
  written: string,
  column: number,
  where: string,
  product: string,
  known: readonly string[],
): OperatorError {
  const near = nearest(written, known);
  return badTemplate(
    `Cannot read ${written} at column ${column} of the ${where}: ${product} has no such directive`,
    near === undefined ? `copy the line from the configuration of ${product}` : `write ${near}`,
  );
}

/**
 * Makes sure that a format string can be read back.
 *
 * @param columns where in it each field began, counted from 1
 * @throws OperatorError `format.bad-template` when it has no fields, or two that nobody can tell apart
 */
export function checkedTemplate(template: WebTemplate, columns: readonly number[], where: string): WebTemplate {
  const { fields } = template;
  if (fields.length === 0) {
    throw badTemplate(`Found no directive in the ${where}`, 'copy the line from the configuration');
  }
  const second = inseparableField(fields);
  if (second === undefined) return template;
  throw badTemplate(
    `Cannot tell where the field before column ${columns[second]} of the ${where} ends`,
    'put a blank between the two, in the configuration and here',
  );
}

/**
 * Compiles format strings to a reader of the lines that they print; where there are several, the first that fits a line
 * reads it. A format that tells no time takes it from the syslog header.
 *
 * @param strays what lines are that fit none
 */
export function webTemplateReader(
  templates: readonly WebTemplate[],
  course: CourseReader,
  { timezone }: ReaderOptions,
  { judge, complete }: Strays = {},
): LineReader {
  const zone = zoneNamed(timezone);
  const readers = templates.map((template) => compileReader(template, course, zone));
  const readFirst: LineReader = (text, context) => {
    let first: Reading | undefined;
    for (const read of readers) {
      const reading = read(text, context);
      if (reading.kind === 'record') return reading;
      first ??= reading;
    }
    return first ?? BLANK_LINE;
  };
  return (text, context) => {
    const firstCode = text.charCodeAt(0);
    if (firstCode === HASH) return COMMENT;
    if (!(firstCode > BLANK) && text.trim() === '') return BLANK_LINE;
    const reading = readFirst(text, context);
    if (reading.kind === 'record') return reading;
    const whole = complete?.(text);
    const completed = whole === undefined ? reading : readFirst(whole, context);
    return completed.kind === 'record' ? completed : (judge?.(text) ?? reading);
  };
}

function compileReader({ fields, after }: WebTemplate, course: CourseReader, zone: Zone): LineReader {
  const { spans, match } = compileTemplate(fields, after);
  const line = { text: '' };
  const readRecord = webRecordReader(templateFields(fields, spans, line), course);
  const departures = fields.map(({ code }) => unreadable(`the line departs from the format at ${code}`));
  const timeOf = timeReader(fields, spans, zone);
  return (text, { writtenBeforeMs, header }) => {
    const departure = match(text, text.length);
    if (departure !== MATCHED) return departures[departure] ?? BAD_TIME;
    const timeMs = timeOf === undefined ? header?.timeMs : timeOf(text, writtenBeforeMs);
    if (timeMs === undefined) return NO_TIME;
    if (Number.isNaN(timeMs)) return BAD_TIME;
    line.text = text;
    const reading = readRecord(timeMs);
    line.text = '';
    return reading;
  };
}

/** @param line the text of the line that `spans` belong to, while it is at hand */
function templateFields(fields: readonly WebField[], spans: Int32Array, line: { readonly text: string }): WebFields {
  const startOf = (index: number): number => spans[index * 2] ?? 0;
  const endOf = (index: number): number => spans[index * 2 + 1] ?? 0;
  const decoders = fields.map(({ decode }) => decode);
  const units = fields.map(({ unitMs = 1 }) => unitMs);
  const find = (...keys: readonly WebKey[]): number => {
    for (const key of keys) {
      const index = fields.findIndex(({ tells }) => tells === key);
      if (index !== -1) return index;
    }
    return ABSENT;
  };
  const isNothing = (start: number, end: number): boolean =>
    end === start || (end === start + 1 && line.text.charCodeAt(start) === HYPHEN);
  const numberAt = (start: number, end: number): number | undefined => {
    if (isNothing(start, end)) return undefined;
    const sign = line.text.charCodeAt(start);
    const bytes = digitsOf(line.text, sign === PLUS || sign === HYPHEN ? start + 1 : start, end);
    return sign === HYPHEN && !Number.isNaN(bytes) ? undefined : bytes;
  };
  return {
    find,
    text(index) {
      if (index === ABSENT) return undefined;
      const [start, end] = [startOf(index), endOf(index)];
      if (isNothing(start, end)) return undefined;
      const raw = line.text.slice(start, end);
      // Apache writes a user without a name as two quotes.
      if (raw === '""') return undefined;
      const decode = decoders[index];
      return decode === undefined ? raw : decode(raw) || undefined;
    },
    count: (index) => (index === ABSENT ? undefined : numberAt(startOf(index), endOf(index))),
    durationMs(index) {
      if (index === ABSENT) return undefined;
      const [start, end] = [startOf(index), endOf(index)];
      const dot = line.text.indexOf('.', start);
      if (dot === -1 || dot >= end) {
        const whole = numberAt(start, end);
        return whole === undefined ? undefined : Math.floor(whole * (units[index] ?? 1));
      }
      const decimal = Number(line.text.slice(start, end));
      return decimal >= 0 ? Math.floor(Math.round(decimal * (units[index] ?? 1) * 1_000) / 1_000) : Number.NaN;
    },
    isLowerBound: (index) => index !== ABSENT && line.text.charCodeAt(startOf(index)) === PLUS,
  };
}

/** @returns `undefined` when the format tells no time */
function timeReader(fields: readonly WebField[], spans: Int32Array, zone: Zone) {
  const instant = fields.findIndex(({ time }) => time?.gives === 'instant');
  const fraction = fields.findIndex(({ time }) => time?.gives === 'fraction');
  const [whole, part] = [fields[instant]?.time, fields[fraction]?.time];
  if (whole === undefined) return undefined;
  return (text: string, writtenBeforeMs: number): number => {
    const [start, end] = [spans[instant * 2] ?? 0, spans[instant * 2 + 1] ?? 0];
    const timeMs = whole.read(text, start, end, zone, writtenBeforeMs);
    if (part === undefined) return timeMs;
    const [from, to] = [spans[fraction * 2] ?? 0, spans[fraction * 2 + 1] ?? 0];
    return timeMs + part.read(text, from, to, zone, writtenBeforeMs);
  };
}

function unreadable(because: string): Reading {
  return { kind: 'unreadable', because };
}

const BLANK_LINE: Reading = { kind: 'skipped', because: 'blank line' };
const COMMENT: Reading = { kind: 'skipped', because: 'comment' };
const BAD_TIME = unreadable('no time stands where the format has it');
const NO_TIME = unreadable('the format tells no time, and no syslog header stands before the line');

const BLANK = 32;
const HASH = 35;
const PLUS = 43;
const HYPHEN = 45;
