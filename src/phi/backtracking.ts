/** Why an expression is refused, and how it can be written instead. */
export interface BacktrackingRisk {
  readonly because: string;
  readonly todo: string;
}

/**
 * Whether a regular expression might take far longer than the square of the text's length. Conservative and blind to
 * meaning: some harmless expressions are refused, so that no harmful one is let through. Refused are
 * - backreferences;
 * - a repeat of a group that holds a quantifier, `(a+)+`, or alternatives that may begin alike, `(a|ab)*`;
 * - more than two wide repeats in a row, or more than one where the expression does not begin with `^`, since each
 *   position of the text is then another beginning;
 * - too many ways to match by bounded repeats and alternatives.
 *
 * @param source one that compiles with the `u` flag, so that its syntax need not be checked here
 */
export function backtrackingRisk(source: string): BacktrackingRisk | undefined {
  if (source.length > LONGEST_SOURCE) {
    return { because: `it is longer than ${LONGEST_SOURCE} characters`, todo: 'split it into several patterns' };
  }
  const outermost = newGroup();
  const open: Group[] = [outermost];
  let last: Group | undefined;
  let wide = 0;
  let ways = 1;

  for (const [token] of source.matchAll(TOKEN)) {
    const group = open.at(-1) ?? outermost;
    const quantifier = readQuantifier(token);
    if (/^\\(?:k<|[1-9])/.test(token)) return { because: 'it has a backreference', todo: 'write it without' };
    if (quantifier !== undefined) {
      const { min, max } = quantifier;
      if (max > 1 && last?.isVariable === true) return NESTED;
      if (max > 1 && last !== undefined && mayBeginAlike(last)) return ALIKE;
      if (min !== max) group.isVariable = true;
      if (max - min > NARROW) wide++;
      else ways *= max - min + 1;
      if (min > MOST_TIMES) return { because: 'it repeats too often', todo: `repeat at most ${MOST_TIMES} times` };
      last = undefined;
    } else if (token === ')') {
      last = open.pop() ?? outermost;
      const outer = open.at(-1) ?? outermost;
      if (last.isVariable) outer.isVariable = true;
      // What begins alike inside does so in any repeat of the group around it.
      if (mayBeginAlike(last)) {
        outer.holdsAlike = true;
        ways *= last.starts.length;
      }
    } else if (token === '|') {
      group.starts.push(undefined);
      last = undefined;
    } else {
      group.starts[group.starts.length - 1] ??= token;
      last = undefined;
      if (token.startsWith('(')) open.push(newGroup());
    }
  }

  const beginnings = outermost.starts.every((start) => start === '^') ? 0 : 1;
  if (wide + beginnings > MOST_WIDE) return TOO_WIDE;
  if (ways > MOST_WAYS) return { because: 'it can match in too many ways', todo: 'use fewer optional parts' };
  return undefined;
}

interface Group {
  isVariable: boolean;
  holdsAlike: boolean;
  /** The first token of each alternative; absent where it is empty. */
  readonly starts: (string | undefined)[];
}

const LONGEST_SOURCE = 500;
/** A repeat whose count varies by more than this counts as unbounded. */
const NARROW = 32;
const MOST_TIMES = 256;
const MOST_WIDE = 2;
const MOST_WAYS = 256;

/** An escape, a class, the head of a group, a quantifier, or any one character. */
const TOKEN =
  /\\(?:[uUpP]\{[^}]*\}|k<[^>]*>|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c.|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu;

const NESTED: BacktrackingRisk = {
  because: 'a repeat holds another repeat',
  todo: 'write one repeat instead of a repeat of repeats',
};
const ALIKE: BacktrackingRisk = {
  because: 'a repeat holds alternatives that may begin alike',
  todo: 'let each alternative begin with a different character',
};
const TOO_WIDE: BacktrackingRisk = {
  because: 'it has too many wide repeats',
  todo: `begin it with ^, or bound the repeats: {1,${NARROW}} instead of +`,
};

function newGroup(): Group {
  return { isVariable: false, holdsAlike: false, starts: [undefined] };
}

function readQuantifier(token: string): { readonly min: number; readonly max: number } | undefined {
  if (/^\*\??$/.test(token)) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (/^\+\??$/.test(token)) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (/^\?\??$/.test(token)) return { min: 0, max: 1 };
  const [, min, comma, max] = /^\{(\d+)(,?)(\d*)\}\??$/.exec(token) ?? [];
  if (min === undefined) return undefined;
  if (comma === '') return { min: Number(min), max: Number(min) };
  return { min: Number(min), max: max === '' ? Number.POSITIVE_INFINITY : Number(max) };
}

/** False only where every alternative begins with a plain character of its own. */
function mayBeginAlike({ holdsAlike, starts }: Group): boolean {
  if (holdsAlike) return true;
  if (starts.length === 1) return false;
  const plain = starts.filter(
    (start) => start !== undefined && /^(?:[^\\^$.()[\]]|\\[\^$\\.*+?()[\]{}|/])$/u.test(start),
  );
  return plain.length < starts.length || new Set(plain).size < starts.length;
}
