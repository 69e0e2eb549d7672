import { digitsOf } from '../../values/digits.ts';
import type { SquidField } from './logformat.ts';
import { unquote } from './quoting.ts';

/** The number of a field that the logformat does not have. */
export const ABSENT = -1;

/** What the fields of a matched line hold, by the number that `find` gave. */
export interface SquidValues {
  /** The first of `codes` that is logged; with an argument (a header's name) where one is given. */
  find(codes: readonly string[], argument?: string): number;
  /** As it stands in the line; `undefined` where the field is not logged. */
  raw(text: string, index: number): string | undefined;
  /** Without its quoting; `undefined` where the field is not logged, empty or `-`. */
  value(text: string, index: number): string | undefined;
  /** `undefined` where the field is not logged, empty or `-`; NaN where it holds something else than digits. */
  count(text: string, index: number): number | undefined;
}

/** @param spans of the template that the fields were compiled to */
export function squidValues(fields: readonly SquidField[], spans: Int32Array): SquidValues {
  const raw = (text: string, index: number) =>
    index === ABSENT ? undefined : text.slice(spans[index * 2], spans[index * 2 + 1]);

  return {
    raw,
    find(codes, argument) {
      for (const code of codes) {
        const index = fields.findIndex((field) => field.code === code && field.argument?.toLowerCase() === argument);
        if (index !== -1) return index;
      }
      return ABSENT;
    },
    value(text, index) {
      const found = raw(text, index);
      if (found === undefined || found === '-' || found === '') return undefined;
      return unquote(found, fields[index]?.quoting ?? 'none');
    },
    count(text, index) {
      if (index === ABSENT) return undefined;
      const start = spans[index * 2] ?? 0;
      const end = spans[index * 2 + 1] ?? 0;
      if (end === start || (end === start + 1 && text.charCodeAt(start) === HYPHEN)) return undefined;
      return digitsOf(text, start, end);
    },
  };
}

const HYPHEN = 45;
