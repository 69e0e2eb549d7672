import { isAlias, isCollection, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Place, Problem } from '../errors/problem.ts';

/** Keys and list positions from the top of a document to a value. */
export type Path = readonly PropertyKey[];

/** A YAML file as plain values, which still knows where each of them was written. */
export interface ConfigDocument {
  /** As it is shown to the operator. */
  readonly file: string;
  /** Absent where the text is no YAML. */
  readonly value?: unknown;
  /** Why the text is no YAML. */
  readonly problems: readonly Problem[];
  /** Where a value was written, or a key; the nearest thing around what was not written. */
  readonly placeOf: (path: Path, part?: 'value' | 'key') => Place;
}

/** The value at a path, or `undefined`. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(
    (around: unknown, step) =>
      typeof around === 'object' && around !== null && Object.hasOwn(around, step)
        ? (around as Readonly<Record<PropertyKey, unknown>>)[step]
        : undefined,
    value,
  );
}

/** Reads YAML 1.2, core schema: dates stay text, and `off` is a word. */
export function readDocument(file: string, text: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const placeOf = (path: Path, part: 'value' | 'key' = 'value'): Place => ({
    ...placeAt(nearestOffset(document.contents, path, part)),
    key: path.map(String).join('.'),
  });

  const complaints = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    syntaxProblem(SYNTAX_WORDS[code] ?? message, placeAt(pos[0])),
  );
  const problems = firstOfEachLine(complaints);
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      problems.push(syntaxProblem(`Cannot find the anchor of *${alias.source}`, placeAt(alias.range?.[0] ?? 0)));
    },
  });
  if (problems.length > 0) return { file, problems, placeOf };

  try {
    return { file, value: document.toJS({ maxAliasCount: MOST_ALIASED }), problems, placeOf };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const problem = syntaxProblem('Aliases multiply the file beyond measure', placeAt(0), 'write the values out');
    return { file, problems: [problem], placeOf };
  }

  function placeAt(offset: number): Place {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  }

  function nearestOffset(contents: Node | null, path: Path, part: 'value' | 'key'): number {
    let node: unknown = contents;
    let offset = contents?.range?.[0] ?? 0;
    for (const [depth, step] of path.entries()) {
      const collection = isAlias(node) ? node.resolve(document) : node;
      if (!isCollection(collection)) return offset;
      const wantsKey = part === 'key' && depth === path.length - 1;
      node = wantsKey ? keyNode(collection, step) : collection.get(step, true);
      if (!isNode(node)) return offset;
      offset = node.range?.[0] ?? offset;
    }
    return offset;
  }
}

/** How often aliases may be followed in all: enough for shared terms, too little for a "billion laughs". */
const MOST_ALIASED = 1000;

/** The parser's own words are for programmers here. */
const SYNTAX_WORDS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'A mapping begins where a value was begun; check the indentation',
  DUPLICATE_KEY: 'The key stands twice in one mapping',
  MULTIPLE_DOCS: 'A second document begins; write one document a file',
};

function syntaxProblem(what: string, where: Place, todo?: string): Problem {
  return { code: 'config.syntax', what, where, ...(todo !== undefined && { todo }) };
}

/** What follows on the same line follows from the first. */
function firstOfEachLine(problems: readonly Problem[]): Problem[] {
  const lines = new Set<number | undefined>();
  return problems.filter(({ where }) => !lines.has(where?.line) && lines.add(where?.line));
}

function keyNode(collection: unknown, key: PropertyKey): unknown {
  if (!isMap(collection)) return undefined;
  return collection.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)?.key;
}
