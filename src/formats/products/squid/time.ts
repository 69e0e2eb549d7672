import { instantMs, type Zone } from '../../../time/zone.ts';
import { digitsOf, epochSecondsOf } from '../../values/digits.ts';
import type { SquidField } from './logformat.ts';

/** Reads when a request was completed: UTC, ms since the epoch, NaN when the text does not tell. */
export type SquidTimeReader = (text: string, spans: Int32Array, writtenBeforeMs: number) => number;

/** The codes that tell the moment, the best first. */
export const TIME_CODES = ['ts', 'tg', 'tl', 'tS'] as const;

/**
 * @param zone of the proxy, for a `%tl` whose pattern has no `%z`
 * @returns `undefined` when the logformat has none of `TIME_CODES`
 */
export function squidTimeReader(fields: readonly SquidField[], zone: Zone): SquidTimeReader | undefined {
  const code = TIME_CODES.find((it) => fields.some((field) => field.code === it));
  const index = fields.findIndex((field) => field.code === code);
  const field = fields[index];
  if (field === undefined) return undefined;
  const readSubsecond = subsecondReader(fields);
  if (code === 'ts') {
    return (text, spans, before) =>
      epochSecondsOf(text, from(spans, index), to(spans, index)) * 1_000 + readSubsecond(text, spans, before);
  }
  if (code === 'tS') return startReader(fields, index);
  return (text, spans, before) => {
    const reading = field.timePattern?.read(text, from(spans, index));
    if (reading === undefined) return Number.NaN;
    const timeMs = code === 'tg' ? reading.wallMs - (reading.offsetMs ?? 0) : instantMs(reading, zone, before);
    return timeMs + readSubsecond(text, spans, before);
  };
}

/** `%tu` counts milliseconds, with a precision the units that have so many digits. */
function subsecondReader(fields: readonly SquidField[]): SquidTimeReader {
  const index = fields.findIndex(({ code }) => code === 'tu');
  if (index === -1) return () => 0;
  const perMs = 10 ** ((fields[index]?.precision ?? 3) - 3);
  return (text, spans) => Math.floor(digitsOf(text, from(spans, index), to(spans, index)) / perMs);
}

/** `%tS`, seconds and milliseconds of the beginning: the end is later by the duration. */
function startReader(fields: readonly SquidField[], index: number): SquidTimeReader {
  const duration = fields.findIndex(({ code }) => code === 'tr');
  return (text, spans) => {
    const [, seconds, milliseconds = '0'] =
      /^(\d{1,11})(?:\.(\d{3}))?$/.exec(text.slice(from(spans, index), to(spans, index))) ?? [];
    const durationMs = duration === -1 ? 0 : digitsOf(text, from(spans, duration), to(spans, duration));
    return Number(seconds) * 1_000 + Number(milliseconds) + durationMs;
  };
}

function from(spans: Int32Array, index: number): number {
  return spans[index * 2] ?? 0;
}

function to(spans: Int32Array, index: number): number {
  return spans[index * 2 + 1] ?? 0;
}
