/**
 * Reads lines that were printed from a format string: fields with literal text between them.
 *
 *     before[0] field[0] before[1] field[1] ... field[n-1] after
 *
 * Most fields say where they end: a count ends at the first character that is none, a word at the first blank. The
 * first that does not, such as a user name with blanks, is the pivot. What stands before it is read from the left, what
 * stands after it from the right, and the pivot is the rest. Each character is looked at a bounded number of times,
 * whatever the line holds.
 */
export interface TemplateField {
  /** Literal text between the field before this one, or the line's beginning, and this field. */
  readonly before: string;
  /**
   * What its values can hold: `code` letters, digits, `_` and `-`; `name` also dots and colons, as hosts and addresses
   * do; `word` anything but blanks; `text` anything; `blocks` any number of ` {...}`, each with the blank before it and
   * none with a brace in it; a number: always so many characters, whatever they are.
   */
  readonly holds: 'code' | 'name' | 'word' | 'text' | 'blocks' | number;
  /**
   * How its values protect what would end them: `backslash` before quotes; `percent` for square brackets; `shell`
   * puts values that hold blanks between quotes; `bare` encodes quotes, so that none can stand in a value.
   */
  readonly escaping?: 'backslash' | 'percent' | 'shell' | 'bare';
  /** Blanks around the value fill it up to a width. */
  readonly padded?: boolean;
}

export interface Template {
  /** After a match: where field `n` begins (`2n`) and ends (`2n + 1`). The next match overwrites it. */
  readonly spans: Int32Array;
  /** Matches `text` up to `end`. @returns `MATCHED`, or the number of the field at which the line departs */
  match(text: string, end: number): number;
}

export const MATCHED = -1;

/**
 * Fields that stand side by side with nothing between them, so that nobody can tell where the first one ends.
 *
 * @returns the number of the second one, or `undefined` when there are none
 */
export function inseparableField(fields: readonly TemplateField[]): number | undefined {
  const index = fields.findIndex(
    ({ before, holds }, at) =>
      at > 0 && before === '' && !bringsItsBounds(holds) && !bringsItsBounds(fields[at - 1]?.holds),
  );
  return index === -1 ? undefined : index;
}

/** @param fields at least one, none of them inseparable from its neighbour */
export function compileTemplate(fields: readonly TemplateField[], after: string): Template {
  const spans = new Int32Array(fields.length * 2);
  const matchSpan = compileSpan(fields, 0, fields.length, after, spans);
  return { spans, match: (text, end) => matchSpan(text, 0, end) };
}

/** Matches some of the fields against a part of the line that holds them and nothing else. */
type SpanMatcher = (text: string, start: number, end: number) => number;

/** Matches fields from `start` on. @returns where they end, or -1 when the line departs */
interface LeftStep {
  /** The field to blame when the line departs here. */
  readonly index: number;
  readonly take: (text: string, start: number, end: number) => number;
}

function compileSpan(
  fields: readonly TemplateField[],
  from: number,
  to: number,
  after: string,
  spans: Int32Array,
): SpanMatcher {
  const steps: LeftStep[] = [];
  let pivot = from;
  while (pivot < to - 1) {
    const next = literalAfter(fields, pivot);
    const length = endsItself(fieldAt(fields, pivot), next) ? 1 : blanklessGroup(fields, pivot, to);
    if (length === 0) break;
    steps.push(length === 1 ? single(fields, pivot, next, spans) : group(fields, pivot, pivot + length, spans));
    pivot += length;
  }
  const { before, padded = false } = fieldAt(fields, pivot);
  const pivotIsQuoted = isQuotedBy(fieldAt(fields, pivot), pivot === to - 1 ? after : literalAfter(fields, pivot));
  const pivotHoldsNone = !mayHoldBlanks(fieldAt(fields, pivot));
  const fromRight = rightSteps(fields, pivot, to, after, spans);

  return (text, start, end) => {
    let left = start;
    for (const step of steps) {
      left = step.take(text, left, end);
      if (left < 0) return step.index;
    }
    let right = end - after.length;
    if (right < left || !text.startsWith(after, right)) return to - 1;
    for (const step of fromRight) {
      right = step.take(text, left, right);
      if (right < 0) return step.index;
    }
    if (!text.startsWith(before, left) || left + before.length > right) return pivot;
    if (pivotHoldsNone && holdsBlank(text, left + before.length, right)) return pivot;
    if (pivotIsQuoted && closingQuote(text, left + before.length) !== right) return pivot;
    store(spans, pivot, text, left + before.length, right, padded);
    return MATCHED;
  };
}

/** One field that ends itself, or, where fields are not told apart by what they hold, several up to the next blank. */
function single(fields: readonly TemplateField[], index: number, next: string, spans: Int32Array): LeftStep {
  const field = fieldAt(fields, index);
  const { before, padded = false } = field;
  const endOf = endFinder(field, next);
  const fillsRight = padded && /^ (?! )/.test(next);
  return {
    index,
    take: (text, start, end) => {
      if (!text.startsWith(before, start)) return -1;
      let valueStart = start + before.length;
      if (padded) while (text.charCodeAt(valueStart) === BLANK) valueStart++;
      let valueEnd = endOf(text, valueStart);
      if (valueEnd < valueStart || valueEnd > end) return -1;
      if (fillsRight) while (text.charCodeAt(valueEnd + 1) === BLANK) valueEnd++;
      store(spans, index, text, valueStart, valueEnd, padded);
      return valueEnd;
    },
  };
}

function group(fields: readonly TemplateField[], from: number, to: number, spans: Int32Array): LeftStep {
  const boundary = literalAfter(fields, to - 1);
  const matchGroup = compileSpan(fields, from, to, '', spans);
  return {
    index: from,
    take: (text, start, end) => {
      // The literal before the group may itself hold a blank, and is no place to look for its end.
      const groupEnd = text.indexOf(boundary, start + fieldAt(fields, from).before.length);
      return groupEnd === -1 || groupEnd > end || matchGroup(text, start, groupEnd) !== MATCHED ? -1 : groupEnd;
    },
  };
}

/** How many fields from `from` on hold no blanks and are followed by a literal that does; 0 if that cannot be said. */
function blanklessGroup(fields: readonly TemplateField[], from: number, to: number): number {
  for (let index = from; index < to - 1; index++) {
    const { holds, padded } = fieldAt(fields, index);
    if (holds === 'text' || bringsItsBounds(holds) || padded) return 0;
    if (literalAfter(fields, index).includes(' ')) return index + 1 - from;
  }
  return 0;
}

/** Whether a value stands between quotes and can hold none that is not escaped. */
function isQuotedBy(
  { escaping }: { readonly escaping?: TemplateField['escaping'] | undefined },
  next: string,
): boolean {
  return (escaping === 'backslash' || escaping === 'bare') && next.startsWith('"');
}

function endsItself({ holds, escaping }: TemplateField, next: string): boolean {
  if (bringsItsBounds(holds)) return true;
  if (isQuotedBy({ escaping }, next)) return true;
  if (escaping === 'percent' && /[[\]]/.test(next)) return true;
  if (escaping === 'shell' || holds === 'word') return next.includes(' ');
  return (holds === 'code' && /^[^\w-]/.test(next)) || (holds === 'name' && /^[^\w.:-]/.test(next));
}

/** Where a value that begins at `start` ends; before `start` when it does not. */
function endFinder({ holds, escaping, padded }: TemplateField, next: string): (text: string, start: number) => number {
  if (isNumber(holds)) return (_, start) => start + holds;
  if (holds === 'blocks') return endOfBlocks;
  if (escaping === 'backslash' && next.startsWith('"')) return closingQuote;
  if (escaping === 'bare' && next.startsWith('"')) return (text, start) => text.indexOf('"', start);
  if (escaping === 'shell') {
    return (text, start) =>
      text.charCodeAt(start) === QUOTE ? closingQuote(text, start + 1) + 1 : text.indexOf(next, start);
  }
  if (holds === 'text' || (padded === true && !next.startsWith(' '))) return (text, start) => text.indexOf(next, start);
  // No blank can stand in any other value, so that the first one is where it ends, or the line is another's.
  if (next.startsWith(' ')) return (text, start) => text.indexOf(' ', start);
  return (text, start) => {
    const end = text.indexOf(next, start);
    return end > start && holdsBlank(text, start, end) ? -1 : end;
  };
}

interface RightStep {
  readonly index: number;
  /** Takes the field that ends at `end`. @returns where the literal before it begins, or -1 when the line departs */
  readonly take: (text: string, start: number, end: number) => number;
}

function rightSteps(
  fields: readonly TemplateField[],
  pivot: number,
  to: number,
  after: string,
  spans: Int32Array,
): RightStep[] {
  const steps: RightStep[] = [];
  for (let index = to - 1; index > pivot; index--) {
    const field = fieldAt(fields, index);
    const { before, padded = false } = field;
    const startOf = startFinder(field);
    const holdsNone = !mayHoldBlanks(field);
    const fillsLeft = padded && before.trim() === '';
    const isQuoted = isQuotedBy(field, index === to - 1 ? after : literalAfter(fields, index));
    steps.push({
      index,
      take: (text, start, endWithFill) => {
        let end = endWithFill;
        if (padded) while (end > start && text.charCodeAt(end - 1) === BLANK) end--;
        const valueStart = startOf(text, end);
        let literalStart = valueStart - before.length;
        if (literalStart < start || !text.startsWith(before, literalStart)) return -1;
        if (holdsNone && holdsBlank(text, valueStart, end)) return -1;
        if (isQuoted && closingQuote(text, valueStart) !== end) return -1;
        store(spans, index, text, valueStart, end, padded);
        if (fillsLeft) while (literalStart > start && text.charCodeAt(literalStart - 1) === BLANK) literalStart--;
        return literalStart;
      },
    });
  }
  return steps;
}

/** Where a value that ends at `end` begins; -1 when it does not. */
function startFinder({ before, holds, escaping }: TemplateField): (text: string, end: number) => number {
  if (isNumber(holds)) return (_, end) => end - holds;
  if (holds === 'blocks') return startOfBlocks;
  const afterLiteral = (text: string, end: number) => {
    const at = end < before.length ? -1 : text.lastIndexOf(before, end - before.length);
    return at === -1 ? -1 : at + before.length;
  };
  if (escaping !== 'shell') return afterLiteral;
  return (text, end) => (isClosingQuote(text, end - 1) ? openingQuote(text, end - 1) : afterLiteral(text, end));
}

/** The first quote from `start` on without a backslash before it; -2 when there is none. */
function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at > start && backslashesBefore(text, at, start) % 2 === 1) at = text.indexOf('"', at + 1);
  return at === -1 ? -2 : at;
}

function isClosingQuote(text: string, at: number): boolean {
  return text.charCodeAt(at) === QUOTE && backslashesBefore(text, at) % 2 === 0;
}

function openingQuote(text: string, closing: number): number {
  for (let at = closing - 1; at >= 0; at--) {
    if (text.charCodeAt(at) !== QUOTE) continue;
    const backslashes = backslashesBefore(text, at);
    if (backslashes % 2 === 0) return at;
    at -= backslashes;
  }
  return -1;
}

function backslashesBefore(text: string, at: number, from = 0): number {
  let count = 0;
  while (at - 1 - count >= from && text.charCodeAt(at - 1 - count) === BACKSLASH) count++;
  return count;
}

function holdsBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === BLANK) return true;
  return false;
}

function store(spans: Int32Array, index: number, text: string, start: number, end: number, padded: boolean): void {
  let first = start;
  let last = end;
  if (padded) {
    while (first < last && text.charCodeAt(first) === BLANK) first++;
    while (last > first && text.charCodeAt(last - 1) === BLANK) last--;
  }
  spans[index * 2] = first;
  spans[index * 2 + 1] = last;
}

function fieldAt(fields: readonly TemplateField[], index: number): TemplateField {
  const field = fields[index];
  if (field === undefined) throw new RangeError(`A template of ${fields.length} fields has no field ${index}`);
  return field;
}

/** The literal behind a field; of blocks, which may be none at all, it is the blank that they would begin with. */
function literalAfter(fields: readonly TemplateField[], index: number): string {
  const next = fields[index + 1];
  return next?.holds === 'blocks' && next.before === '' ? ' ' : (next?.before ?? '');
}

function endOfBlocks(text: string, start: number): number {
  let at = start;
  while (text.startsWith(' {', at)) {
    const closing = text.indexOf('}', at);
    if (closing === -1) return at;
    at = closing + 1;
  }
  return at;
}

function startOfBlocks(text: string, end: number): number {
  let at = end;
  while (text.charCodeAt(at - 1) === CLOSING_BRACE) {
    const opening = text.lastIndexOf(' {', at);
    if (opening === -1) return at;
    at = opening;
  }
  return at;
}

/** Padding counts: where it ends is told by what stands around it. */
function mayHoldBlanks({ holds, escaping, padded }: TemplateField): boolean {
  return holds === 'text' || bringsItsBounds(holds) || escaping === 'shell' || padded === true;
}

/** Fields that need no literal to tell where they begin and end. */
function bringsItsBounds(holds: TemplateField['holds'] | undefined): boolean {
  return isNumber(holds) || holds === 'blocks';
}

function isNumber(holds: TemplateField['holds'] | undefined): holds is number {
  return typeof holds === 'number';
}

const BLANK = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const CLOSING_BRACE = 125;
