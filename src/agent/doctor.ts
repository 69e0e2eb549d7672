import { open, stat } from 'node:fs/promises';
import { detectFormat } from '../formats/detect.ts';
import type { BlindSpot, Format, Reading } from '../formats/format.ts';
import { inFileOrder } from '../formats/format.ts';
import type { LogRecord } from '../formats/record.ts';
import { formatFor, readerOf } from '../formats/registry.ts';
import type { SourceSettings } from '../sources/settings.ts';
import { describeSettlement, filesOf, firstLines, withFormat } from './settle-format.ts';

/** What the last lines of a source's logs show. */
export interface Examination {
  readonly source: SourceSettings;
  /** `undefined`: `format: auto`, and the logs do not tell. */
  readonly format: Format | undefined;
  readonly lines: number;
  readonly records: number;
  readonly skipped: number;
  readonly unreadable: number;
  /** UTC, ms since the epoch. */
  readonly newestMs: number | undefined;
  /** How many of the records have each key. `server.ip` and the like are counted as well. */
  readonly told: ReadonlyMap<string, number>;
  /** What is wrong with this very log, in words for its operator. */
  readonly complaints: readonly string[];
  /** Of the format's blind spots, those that the lines do not refute. */
  readonly blindSpots: readonly BlindSpot[];
}

/** Bytes at the end of each log that are looked at: some thousand lines. */
const TAIL_BYTES = 512 * 1024;
/** Lines at its beginning that may describe the others (`#Fields`). */
const HEAD_LINES = 20;

/** Looks at the last lines of every log of a source. Reads, and writes nothing. */
export async function examineSource(
  source: SourceSettings,
  settled: ReadonlyMap<string, string>,
): Promise<Examination> {
  if (source.type !== 'file')
    return unexamined(source, formatFor(source.format), `a source of type ${source.type} has no log to look at`);
  const known = await withFormat(source, settled);
  if ('undecided' in known) {
    return unexamined(source, undefined, `its format is not settled: ${describeSettlement(known.undecided)}`);
  }
  const format = formatFor(known.format);
  const tally = new Tally();
  for (const path of await filesOf(source.paths)) {
    const read = inFileOrder(readerOf(format, source));
    const head = (await firstLines(path, HEAD_LINES)).filter(({ text }) => text.startsWith('#'));
    for (const { text, writtenBeforeMs } of head) read(text, { writtenBeforeMs });
    const { lines, writtenBeforeMs } = await lastLines(path);
    for (const text of lines) tally.add(text, read(text, { writtenBeforeMs }));
    tally.closeFile(writtenBeforeMs);
  }
  return {
    source,
    format,
    ...tally.counts(),
    complaints: [...complaintsOf(tally, source, format.name)],
    blindSpots: format.blindSpots.filter(({ unlessTold }) => unlessTold === undefined || !tally.told.has(unlessTold)),
  };
}

function unexamined(source: SourceSettings, format: Format | undefined, because: string): Examination {
  const nothing = { lines: 0, records: 0, skipped: 0, unreadable: 0, newestMs: undefined, told: new Map() };
  return {
    source,
    format,
    ...nothing,
    complaints: [because],
    blindSpots: format?.blindSpots ?? [],
  };
}

/** Whole lines only: the first may be cut, the last may still be being written. */
async function lastLines(
  path: string,
): Promise<{ readonly lines: readonly string[]; readonly writtenBeforeMs: number }> {
  try {
    const { size, mtimeMs } = await stat(path);
    const from = Math.max(0, size - TAIL_BYTES);
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.alloc(size - from);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      const lines = bytes
        .subarray(0, bytesRead)
        .toString()
        .split('\n')
        .slice(from === 0 ? 0 : 1, -1);
      return { lines: lines.map((line) => line.replace(/\r$/, '')), writtenBeforeMs: mtimeMs };
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return { lines: [], writtenBeforeMs: 0 };
  }
}

class Tally {
  readonly told = new Map<string, number>();
  readonly clients = new Set<string>();
  /** A few of the lines that could not be read. */
  readonly unreadableLines: string[] = [];
  /** By how much the newest line of a file is older than the file, in ms. */
  readonly lags: number[] = [];
  #lines = 0;
  #records = 0;
  #skipped = 0;
  #newestMs: number | undefined;
  #newestOfFileMs: number | undefined;

  add(text: string, reading: Reading): void {
    this.#lines += 1;
    if (reading.kind === 'skipped') this.#skipped += 1;
    else if (reading.kind === 'record') this.#addRecord(reading.record);
    else if (this.unreadableLines.length < MOST_UNREADABLE) this.unreadableLines.push(text);
  }

  closeFile(writtenBeforeMs: number): void {
    if (this.#newestOfFileMs === undefined) return;
    this.lags.push(writtenBeforeMs - this.#newestOfFileMs);
    this.#newestMs = Math.max(this.#newestMs ?? this.#newestOfFileMs, this.#newestOfFileMs);
    this.#newestOfFileMs = undefined;
  }

  counts() {
    const unreadable = this.#lines - this.#records - this.#skipped;
    const counts = { lines: this.#lines, records: this.#records, skipped: this.#skipped, unreadable };
    return { ...counts, newestMs: this.#newestMs, told: this.told };
  }

  #addRecord(record: LogRecord): void {
    this.#records += 1;
    this.#newestOfFileMs = Math.max(this.#newestOfFileMs ?? record.timeMs, record.timeMs);
    for (const key of Object.keys(record)) this.#tell(key);
    for (const end of ['client', 'server'] as const)
      for (const key of Object.keys(record[end] ?? {})) this.#tell(`${end}.${key}`);
    if (record.client?.ip !== undefined && this.clients.size <= 1) this.clients.add(record.client.ip);
  }

  #tell(key: string): void {
    this.told.set(key, (this.told.get(key) ?? 0) + 1);
  }
}

const MOST_UNREADABLE = 100;
/** Of so many lines, a few that are cut or garbled are nothing to worry about. */
const UNREADABLE_SHARE = 0.01;
/** Fewer requests may well come from one client. */
const MANY_RECORDS = 100;
const MINUTE_MS = 60_000;

function* complaintsOf(tally: Tally, { inside, timezone }: SourceSettings, name: string): Generator<string> {
  const { lines, records, unreadable } = tally.counts();
  if (lines === 0) yield 'there is no line in any of its logs: is the path right, and does the server write there?';
  if (unreadable > lines * UNREADABLE_SHARE) {
    const { found } = detectFormat(
      tally.unreadableLines.map((text) => ({ text, writtenBeforeMs: Number.MAX_SAFE_INTEGER / 2 })),
      { timezone },
    );
    const guess = found === undefined || found.format === name ? '' : `; they look like format ${found.format}`;
    yield `${unreadable} of its last ${lines} lines cannot be read as ${name}${guess}`;
  }
  const zoneMs = tally.lags.map(zoneErrorMs).find((it) => it !== 0) ?? 0;
  if (zoneMs !== 0) {
    const hours = `${Math.abs(zoneMs) / 3_600_000} hours ${zoneMs > 0 ? 'before' : 'after'}`;
    yield `its newest line is ${hours} the time at which the log was written: timezone (${timezone}) is not that of the server`;
  }
  if (inside === 'server' && records >= MANY_RECORDS && tally.clients.size === 1) {
    yield `all ${records} records have the same client: a balancer stands before the server, and the log shows only that`;
  }
  const unfinished = tally.told.get('unfinished');
  if (unfinished !== undefined) {
    yield `${unfinished} of ${records} records were written before the end: their sizes are lower bounds`;
  }
}

/** A zone that is wrong puts times off by full quarter hours; 14 hours are the most there are. */
function zoneErrorMs(lagMs: number): number {
  const quarters = Math.round(lagMs / (15 * MINUTE_MS));
  const isNear = Math.abs(lagMs - quarters * 15 * MINUTE_MS) <= 2 * MINUTE_MS;
  return isNear && Math.abs(quarters) >= 2 && Math.abs(quarters) <= 56 ? quarters * 15 * MINUTE_MS : 0;
}
