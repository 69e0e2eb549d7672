import { quote } from '../errors/field.ts';
import { type Path, valueAt } from './document.ts';
import type { Mistake } from './mistake.ts';

interface NotAvailable {
  /** Keys from the top; `*` stands for each entry of a list. */
  readonly key: string;
  /** Which values; without it, every one but null and the empty list. */
  readonly values?: readonly string[];
  readonly todo: string;
}

/**
 * What the configuration's vocabulary has and this version does not act on. Whoever writes one of these relies on it,
 * so it is refused rather than passed over.
 */
const NOT_AVAILABLE: readonly NotAvailable[] = [
  { key: 'sinks.*.type', values: ['splunk-hec'], todo: 'use type syslog, file or terminal' },
  { key: 'evidence.seal-to', todo: 'remove the key or write []' },
];

/** A function that is not there, and the part of the document that need not be judged because of it. */
export interface Missing {
  readonly mistake: Mistake;
  readonly around: Path;
}

/** Every value of the main file that asks for what this version has not. */
export function findNotAvailable(config: unknown): readonly Missing[] {
  return NOT_AVAILABLE.flatMap(({ key, values, todo }) =>
    expand(config, key.split('.')).flatMap((path) => {
      const value = valueAt(config, path);
      if (!(values === undefined ? isSet(value) : values.some((it) => it === value))) return [];
      const word = path.slice(key.includes('.format.') ? -2 : -1).join(' ');
      const what = `${values === undefined ? word : `${word} ${quote(String(value))}`} is not available in this version`;
      const mistake: Mistake = { code: 'config.not-available', path, what, todo };
      return [{ mistake, around: isChoice(key) ? path.slice(0, -1) : path }];
    }),
  );
}

/** A type or a format decides what else the mapping around it may hold. */
function isChoice(key: string): boolean {
  return key.endsWith('.type') || key.includes('.format.');
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** The paths that a key with `*` stands for in this value. */
function expand(value: unknown, [step, ...rest]: readonly string[], path: Path = []): readonly Path[] {
  if (step === undefined) return [path];
  if (step !== '*') return expand(valueAt(value, [step]), rest, [...path, step]);
  return Array.isArray(value) ? value.flatMap((entry, at) => expand(entry, rest, [...path, at])) : [];
}
