import { readIso } from '../../time/iso.ts';
import { instantMs, type Zone, zoneNamed } from '../../time/zone.ts';
import type { Format, LineReader, ReaderOptions, Reading } from '../format.ts';
import { durationTextMs } from '../values/duration.ts';
import { type JsonFinder, type JsonObject, jsonCount, jsonFinder, jsonText, parseJsonLine } from './json.ts';
import { ABSENT, type WebFields, type WebKey } from './web-keys.ts';
import { type CourseReader, webRecordReader } from './web-record.ts';
import { type WebRemedies, webBlindSpots, webTells } from './web-tells.ts';
import { CLF_TIME } from './web-times.ts';

/** What a number counts in. */
export type JsonUnit = 's' | 'ms' | 'us' | 'ns';

/** Where a value stands: the first of the paths that has one, see `jsonFinder`. */
export interface JsonField {
  readonly paths: readonly string[];
  /** Of durations; milliseconds by default. Of times it is told by the number of digits. */
  readonly unit?: JsonUnit;
}

/** One product's JSON log: which key stands where. */
export interface WebJsonTable {
  readonly time: JsonField;
  readonly fields: Readonly<Partial<Record<WebKey, JsonField>>>;
  /** What a line must have to be one of this log. */
  readonly requires?: readonly string[];
  readonly course: CourseReader;
  /** Takes the object out of a line that is more than the object. `undefined` when it holds none. */
  readonly open?: (text: string) => JsonObject | undefined;
  /** Puts right what paths cannot express. */
  readonly adapt?: (object: JsonObject) => JsonObject;
  /** Why a line that belongs to the log tells nothing we need. */
  readonly skip?: (object: JsonObject) => string | undefined;
}

export function webJsonFormat(
  heading: Pick<Format, 'name' | 'product' | 'manual' | 'samples'>,
  table: WebJsonTable,
  remedies: WebRemedies,
): Format {
  const contents = [{ keys: new Set(Object.keys(table.fields) as WebKey[]), tellsTime: true }];
  return {
    ...heading,
    tells: webTells(contents),
    blindSpots: webBlindSpots(contents, remedies),
    reader: (options: ReaderOptions) => webJsonReader(table, options),
  };
}

/** Reads lines that are JSON objects, by a table of paths. */
export function webJsonReader(table: WebJsonTable, { timezone }: ReaderOptions): LineReader {
  const { course, skip, open = parseJsonLine, adapt = (object) => object } = table;
  const zone = zoneNamed(timezone);
  const required = (table.requires ?? []).map((path) => ({ path, find: jsonFinder(path) }));
  const line: { object: JsonObject } = { object: {} };
  const timeOf = timeReader(table.time, zone);
  const readRecord = webRecordReader(jsonFields(table.fields, line), course);
  return (text, { writtenBeforeMs, header }) => {
    const parsed = open(text);
    if (parsed === undefined) return text.trim() === '' ? BLANK_LINE : NO_OBJECT;
    const because = skip?.(parsed);
    if (because !== undefined) return { kind: 'skipped', because };
    const missing = required.find(({ find }) => find(parsed) === undefined);
    if (missing !== undefined) return { kind: 'unreadable', because: `the JSON object has no ${missing.path}` };
    const object = adapt(parsed);
    const timeMs = timeOf(object, writtenBeforeMs) ?? header?.timeMs;
    if (timeMs === undefined) return NO_TIME;
    if (!Number.isFinite(timeMs) || Math.abs(timeMs) > LATEST_MS) return BAD_TIME;
    line.object = object;
    const reading = readRecord(timeMs);
    line.object = {};
    return reading.kind === 'record' && tellsNothing(reading.record) ? NO_KEYS : reading;
  };
}

/** Another JSON log may well have a time in the same place. */
function tellsNothing({
  client,
  server,
  method,
  url,
}: {
  client?: unknown;
  server?: unknown;
  method?: unknown;
  url?: unknown;
}) {
  return client === undefined && server === undefined && method === undefined && url === undefined;
}

function jsonFields(table: WebJsonTable['fields'], line: { readonly object: JsonObject }): WebFields {
  const entries = Object.entries(table) as [WebKey, JsonField][];
  const finders = entries.map(([, field]) => firstFinder(field));
  const units = entries.map(([, { unit = 'ms' }]) => UNIT_MS[unit]);
  const valueAt = (index: number): unknown => finders[index]?.(line.object);
  return {
    find(...keys) {
      for (const key of keys) {
        const index = entries.findIndex(([it]) => it === key);
        if (index !== -1) return index;
      }
      return ABSENT;
    },
    text: (index) => jsonText(valueAt(index)),
    count: (index) => jsonCount(valueAt(index)),
    durationMs(index) {
      const value = valueAt(index);
      if (typeof value !== 'string') {
        const unit = units[index] ?? 1;
        return typeof value === 'number' && value >= 0
          ? Math.floor(Math.round(value * unit * 1_000) / 1_000)
          : undefined;
      }
      const text = jsonText(value);
      return text === undefined ? undefined : durationTextMs(text, units[index] ?? 1);
    },
    isLowerBound: () => false,
  };
}

function firstFinder({ paths }: JsonField): JsonFinder {
  const finders = paths.map(jsonFinder);
  const [only, ...others] = finders;
  if (only !== undefined && others.length === 0) return only;
  return (object) => {
    for (const find of finders) {
      const value = find(object);
      if (value !== undefined && value !== '' && value !== '-') return value;
    }
    return undefined;
  };
}

const UNIT_MS: Readonly<Record<JsonUnit, number>> = { s: 1_000, ms: 1, us: 0.001, ns: 0.000_001 };

/** @returns `undefined` where no value stands, NaN where it is no time */
function timeReader(field: JsonField, zone: Zone): (object: JsonObject, writtenBeforeMs: number) => number | undefined {
  const find = firstFinder(field);
  const perUnit = field.unit === undefined ? undefined : UNIT_MS[field.unit];
  return (object, writtenBeforeMs) => {
    const value = find(object);
    if (typeof value === 'number') return Math.floor(value * (perUnit ?? msPerUnit(value)));
    const text = jsonText(value);
    if (text === undefined) return undefined;
    if (/^\d+(?:\.\d+)?$/.test(text)) return Math.floor(Number(text) * (perUnit ?? msPerUnit(Number(text))));
    const reading = readIso(text);
    if (reading?.end === text.length) return instantMs(reading, zone, writtenBeforeMs);
    return text.length === CLF_TIME.length ? CLF_TIME.read(text, 0, text.length, zone, writtenBeforeMs) : Number.NaN;
  };
}

/** Of an instant between 1973 and 5138 in seconds, milli-, micro- or nanoseconds, no two have as many digits. */
function msPerUnit(instant: number): number {
  if (instant < 1e11) return UNIT_MS.s;
  if (instant < 1e14) return UNIT_MS.ms;
  return instant < 1e17 ? UNIT_MS.us : UNIT_MS.ns;
}

/** The last day of a `Date`. */
const LATEST_MS = 8.64e15;

const BLANK_LINE: Reading = { kind: 'skipped', because: 'blank line' };
const NO_OBJECT: Reading = { kind: 'unreadable', because: 'the line is no JSON object' };
const NO_TIME: Reading = { kind: 'unreadable', because: 'the JSON object has no time where it should stand' };
const BAD_TIME: Reading = { kind: 'unreadable', because: 'no time stands where the format has it' };
const NO_KEYS: Reading = { kind: 'unreadable', because: 'the JSON object has neither client, server nor request' };
