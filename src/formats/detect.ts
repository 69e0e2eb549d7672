import { inFileOrder, type LineReader, type ReaderOptions } from './format.ts';
import { formats, readerOf } from './registry.ts';

/** A line, and when it was written at the latest: what a reader needs. */
export interface SeenLine {
  readonly text: string;
  readonly writtenBeforeMs: number;
}

/** How well a format fits some lines. */
export interface Fit {
  readonly format: string;
  /** Lines that it makes records of. */
  readonly records: number;
  /** Of the lines that any format makes a record of, the share that this one does. */
  readonly share: number;
  /**
   * The share, less what few lines leave open: one line gives at most a half, nine give nine tenths, as Laplace's rule
   * of succession has it for lines to come.
   */
  readonly confidence: number;
}

export interface Detection {
  /** Looked at. */
  readonly lines: number;
  /** Of these, the lines that some format makes a record of. */
  readonly readable: number;
  /** The best first; none that reads less than a tenth. */
  readonly fits: readonly Fit[];
  /** The only format that fits; `undefined` when none does, or several. */
  readonly found: Fit | undefined;
}

/** Lines of a log that fit no format: cut ones, notices of the product, a format that was changed. */
const SHARE_THAT_FITS = 0.8;
const SHARE_WORTH_A_WORD = 0.1;

/** Holds lines against every format that has a name. Two that fit are no answer. */
export function detectFormat(lines: readonly SeenLine[], options: ReaderOptions): Detection {
  const candidates = candidatesFor(options);
  const counts = new Map(candidates.map(({ format }) => [format, 0]));
  let readable = 0;
  for (const line of lines) {
    const able = thatRead(line, candidates);
    if (able.length > 0) readable += 1;
    for (const { format } of able) counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  const fits = [...counts]
    .map(([format, records]): Fit => {
      const share = readable === 0 ? 0 : records / readable;
      return { format, records, share, confidence: share * (records / (records + 1)) };
    })
    .filter(({ share }) => share >= SHARE_WORTH_A_WORD)
    .sort((one, other) => other.records - one.records || (one.format < other.format ? -1 : 1));
  const [found, ...others] = fits.filter(({ share }) => share >= SHARE_THAT_FITS);
  return { lines: lines.length, readable, fits, found: others.length === 0 ? found : undefined };
}

/** What the first lines of a log say about its format. */
export type Settlement =
  | { readonly kind: 'settled'; readonly format: string; readonly line: number }
  /** Several fit all lines so far, or none fits all. */
  | { readonly kind: 'open'; readonly formats: readonly string[]; readonly lines: number }
  /** No line yet that any format can read. */
  | { readonly kind: 'nothing-read'; readonly lines: number };

/**
 * Settles `format: auto`: the first line at which a single format has read every readable line decides, and no line
 * behind it is looked at. So the answer follows from the beginning of the file alone: it is the same whenever it is
 * asked, however much was written since.
 */
export function settleFormat(lines: Iterable<SeenLine>, options: ReaderOptions): Settlement {
  let candidates: readonly Candidate[] | undefined;
  let looked = 0;
  const all = candidatesFor(options);
  for (const line of lines) {
    looked += 1;
    const able = thatRead(line, candidates ?? all);
    if (able.length > 0) candidates = able;
    // A line that none of the candidates reads, but another format does: the log is mixed, or none of them is right.
    else if (candidates !== undefined && thatRead(line, all).length > 0) {
      return { kind: 'open', formats: [], lines: looked };
    }
    const [only, ...others] = candidates ?? [];
    if (only !== undefined && others.length === 0) return { kind: 'settled', format: only.format, line: looked };
  }
  if (candidates === undefined) return { kind: 'nothing-read', lines: looked };
  return { kind: 'open', formats: candidates.map(({ format }) => format), lines: looked };
}

interface Candidate {
  readonly format: string;
  readonly insteadOf: readonly string[];
  readonly isGeneral: boolean;
  /** Of lines in their order: what a header line said is remembered. */
  readonly read: LineReader;
}

function candidatesFor(options: ReaderOptions): readonly Candidate[] {
  return formats.map((format) => ({
    format: format.name,
    insteadOf: format.insteadOf ?? [],
    isGeneral: format.isGeneral === true,
    read: inFileOrder(readerOf(format, options)),
  }));
}

/** Those that make a record of the line. One that knows it for its own, record or not, takes it from the wider ones. */
function thatRead({ text, writtenBeforeMs }: SeenLine, candidates: readonly Candidate[]): readonly Candidate[] {
  const able = candidates.flatMap((candidate) => {
    const { kind } = candidate.read(text, { writtenBeforeMs });
    return kind === 'unreadable' ? [] : [{ candidate, isRecord: kind === 'record' }];
  });
  const taken = new Set(able.flatMap(({ candidate }) => candidate.insteadOf));
  const found = able.flatMap(({ candidate, isRecord }) =>
    isRecord && !taken.has(candidate.format) ? [candidate] : [],
  );
  const special = found.filter(({ isGeneral }) => !isGeneral);
  return special.length === 0 ? found : special;
}
