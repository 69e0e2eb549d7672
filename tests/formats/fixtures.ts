import { readFileSync } from 'node:fs';
import { type Format, inFileOrder, type LineReader, type Reading } from '../../src/formats/format.ts';
import type { LogRecord } from '../../src/formats/record.ts';
import { readerFor, readerOf } from '../../src/formats/registry.ts';
import type { FormatChoice } from '../../src/sources/settings.ts';

/** All fixture logs were written on 24 November 2026. */
export const WRITTEN_BEFORE_MS = Date.UTC(2026, 11, 1);

export function linesOf(path: string): readonly string[] {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')
    .split('\n')
    .slice(0, -1);
}

export function readingsOf(path: string, choice: FormatChoice, timezone = 'UTC'): readonly Reading[] {
  const read = inFileOrder(readerFor(choice, { timezone }));
  return linesOf(path).map((line) => read(line, { writtenBeforeMs: WRITTEN_BEFORE_MS }));
}

/** A reader that has seen the header lines among a format's samples, so that it reads the other samples in any order. */
export function primedReader(format: Format, timezone: string): LineReader {
  const read = inFileOrder(readerOf(format, { timezone }));
  for (const { line } of format.samples) read(line, { writtenBeforeMs: WRITTEN_BEFORE_MS });
  return read;
}

export function readOne(line: string, choice: FormatChoice, timezone = 'UTC'): Reading {
  return readerFor(choice, { timezone })(line, { writtenBeforeMs: WRITTEN_BEFORE_MS });
}

export function recordOf(reading: Reading): LogRecord {
  if (reading.kind !== 'record') throw new Error(`No record, but ${reading.kind}: ${reading.because}`);
  return reading.record;
}

/** The rows of a truth table, by column name. RFC 4180, without line breaks in fields. */
export function truthOf(path: string): readonly Readonly<Record<string, string>>[] {
  const [header = '', ...rows] = linesOf(path);
  const names = csvFields(header);
  return rows.map((row) => Object.fromEntries(csvFields(row).map((field, index) => [names[index], field])));
}

function csvFields(row: string): readonly string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

/** The logformat lines under which the custom fixture files were written. */
export const LOGFORMATS = {
  native_up: '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st',
  egress_kv:
    '%ts.%03tu dur=%tr cli=%>a:%>p user=%un st=%Ss/%03>Hs up=%>st down=%<st m=%rm url=%ru hier=%Sh/%<a:%<p sni=%ssl::>sni ct=%mt ua="%{User-Agent}>h" ref="%{Referer}>h" rct="%{Content-Type}>h" rcl=%{Content-Length}>h',
  json_up: `{"ts":"%{%Y-%m-%dT%H:%M:%S}tg.%03tuZ","client":"%>a","user":"%'un","status":"%Ss","http":%>Hs,"bytes_in":%>st,"bytes_out":%<st,"method":"%rm","url":"%'ru","dest":"%<a","peer":"%<A","hier":"%Sh","ct":"%mt","ua":"%'{User-Agent}>h","sni":"%ssl::>sni"}`,
  csvq: `"%{%d/%b/%Y:%H:%M:%S %z}tl",%>a,%un,%rm,"%"ru",%Ss,%>Hs,%>st,%<st,%<a,"%"{User-Agent}>h"`,
} as const;
