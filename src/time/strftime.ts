import { readOffset } from './iso.ts';
import { type ClockReading, fourDigits, monthNamed, twoDigits, wallClockMs } from './wall-clock.ts';

/** A `strftime` pattern, compiled. All its readings have the same length. */
export interface TimePattern {
  readonly length: number;
  /** Whether it tells the offset from UTC. */
  readonly hasOffset: boolean;
  /** @returns `undefined` when what stands at `at` is no date and time in this pattern */
  read(text: string, at: number): ClockReading | undefined;
}

/** Why a pattern cannot be read back. */
export interface PatternMistake {
  readonly because: string;
}

/**
 * Compiles the part of `strftime` (POSIX, C locale) that has one length and names an instant to the minute at least.
 * Zone names (`%Z`) are refused: `CST` is Chicago, Shanghai and Havana.
 */
export function compileTimePattern(pattern: string): { readonly pattern: TimePattern } | PatternMistake {
  const steps: Step[] = [];
  let length = 0;
  for (const text of tokens(expand(pattern))) {
    const part = text.startsWith('%') && text !== '%%' ? PARTS[text] : undefined;
    if (part !== undefined) steps.push({ at: length, ...part });
    else if (text.length === 1 && text !== '%') steps.push({ at: length, length: 1, literal: text });
    else if (text === '%%') steps.push({ at: length, length: 1, literal: '%' });
    else return { because: `cannot read ${text} back` };
    length += part?.length ?? 1;
  }
  const missing = NEEDED.find((sets) => !steps.some((step) => step.sets === sets));
  if (missing !== undefined) return { because: `it does not tell the ${missing}` };
  const hasOffset = steps.some(({ sets }) => sets === 'offset');
  return { pattern: { length, hasOffset, read: (text, at) => readSteps(steps, text, at) } };
}

type Unit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'half' | 'offset';

interface Part {
  readonly length: number;
  readonly sets?: Unit;
  /** NaN when the text does not fit. */
  readonly value?: (text: string, at: number) => number;
}

interface Step extends Part {
  /** Where it begins, from the reading's own beginning. */
  readonly at: number;
  readonly literal?: string;
}

const NEEDED: readonly Unit[] = ['year', 'month', 'day', 'hour', 'minute'];

const PARTS: Readonly<Record<string, Part>> = {
  '%Y': { length: 4, sets: 'year', value: fourDigits },
  '%m': { length: 2, sets: 'month', value: twoDigits },
  '%b': { length: 3, sets: 'month', value: monthAt },
  '%h': { length: 3, sets: 'month', value: monthAt },
  '%d': { length: 2, sets: 'day', value: twoDigits },
  '%e': { length: 2, sets: 'day', value: blankPadded },
  '%H': { length: 2, sets: 'hour', value: twoDigits },
  '%I': { length: 2, sets: 'hour', value: twoDigits },
  '%M': { length: 2, sets: 'minute', value: twoDigits },
  '%S': { length: 2, sets: 'second', value: twoDigits },
  '%p': { length: 2, sets: 'half', value: halfAt },
  '%z': { length: 5, sets: 'offset', value: offsetAt },
  '%a': { length: 3 },
};

/** Directives that stand for others. */
const SHORT: Readonly<Record<string, string>> = {
  '%T': '%H:%M:%S',
  '%R': '%H:%M',
  '%F': '%Y-%m-%d',
  '%r': '%I:%M:%S %p',
  '%c': '%a %b %e %H:%M:%S %Y',
};

function expand(pattern: string): string {
  return pattern.replace(/%[\s\S]/g, (directive) => SHORT[directive] ?? directive);
}

/** Directives, and the characters between them. */
function tokens(pattern: string): readonly string[] {
  return pattern.match(/%[\s\S]?|[^%]/g) ?? [];
}

function readSteps(steps: readonly Step[], text: string, from: number): ClockReading | undefined {
  const found = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, half: Number.NaN, offset: Number.NaN };
  for (const { at, sets, value, literal } of steps) {
    if (literal !== undefined && text[from + at] !== literal) return undefined;
    if (sets === undefined || value === undefined) continue;
    const number = value(text, from + at);
    if (Number.isNaN(number)) return undefined;
    found[sets] = number;
  }
  const { year, month, day, minute, second, half, offset } = found;
  const hour = Number.isNaN(half) ? found.hour : (found.hour % 12) + half;
  const wallMs = wallClockMs(year, month, day, hour, minute, second);
  if (wallMs === undefined) return undefined;
  return Number.isNaN(offset) ? { wallMs } : { wallMs, offsetMs: offset };
}

function monthAt(text: string, at: number): number {
  return monthNamed(text.slice(at, at + 3)) ?? Number.NaN;
}

/** `%e` writes ` 4`. */
function blankPadded(text: string, at: number): number {
  return text[at] === ' ' ? twoDigits(`0${text[at + 1]}`, 0) : twoDigits(text, at);
}

/** Hours to add to a twelve-hour clock. */
function halfAt(text: string, at: number): number {
  const half = text.slice(at, at + 2);
  if (half === 'AM') return 0;
  return half === 'PM' ? 12 : Number.NaN;
}

function offsetAt(text: string, at: number): number {
  const offset = readOffset(text, at);
  return offset?.end === at + 5 ? offset.ms : Number.NaN;
}
