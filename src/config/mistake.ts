import type { Problem, ProblemCode } from '../errors/problem.ts';
import type { ConfigDocument, Path } from './document.ts';

/** Something wrong in one document, by path; `problemOf` adds the line. */
export interface Mistake {
  readonly code: ProblemCode;
  readonly path: Path;
  /** The key is wrong, not its value. */
  readonly part?: 'key';
  readonly what: string;
  readonly todo?: string;
}

/** A value that has the right form, and where it was written. */
export interface Placed<T> {
  readonly value: T;
  readonly document: ConfigDocument;
  readonly path: Path;
}

export function problemOf(document: ConfigDocument, { code, path, part, what, todo }: Mistake): Problem {
  return { code, what, where: document.placeOf(path, part), ...(todo !== undefined && { todo }) };
}

/** A problem at a key below a value. */
export function problemAt(
  { document, path }: Pick<Placed<unknown>, 'document' | 'path'>,
  below: Path,
  code: ProblemCode,
  what: string,
  todo: string,
): Problem {
  return problemOf(document, { code, path: [...path, ...below], what, todo });
}

/** `phi-egress.yaml:12`: the place that a clash is with. */
export function lineOf({ document, path }: Pick<Placed<unknown>, 'document' | 'path'>, below: Path): string {
  const { file, line } = document.placeOf([...path, ...below]);
  return line === undefined ? file : `${file}:${line}`;
}
