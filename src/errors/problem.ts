/** Where a problem is. `line` and `column` count from 1, `offset` counts bytes from 0. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly key?: string;
  readonly offset?: number;
}

/** Stable names: documented, and matched on by tests and by operators' scripts. */
export type ProblemCode =
  | 'cli.bad-argument'
  | 'config.unreadable'
  | 'config.syntax'
  | 'config.unknown-key'
  | 'config.bad-value'
  | 'config.missing-key'
  | 'config.clash'
  | 'config.not-available'
  | 'config.secret-missing'
  | 'source.unreadable'
  | 'format.bad-template'
  | 'format.undetermined'
  | 'geo.database-missing'
  | 'geo.database-damaged'
  | 'geo.ranges-damaged'
  | 'geo.ranges-unknown'
  | 'state.unreadable'
  | 'state.damaged'
  | 'state.in-use'
  | 'state.from-newer-version'
  | 'sink.unwritable';

export interface Problem {
  readonly code: ProblemCode;
  /** What happened: found value and wanted value, active voice, no full stop. */
  readonly what: string;
  readonly where?: Place;
  /** What the operator can do about it. */
  readonly todo?: string;
}

/** `phi-egress.yaml:14:13 sources.0.format: Cannot find format "squidd"; write "squid"`. */
export function describeProblem({ what, where, todo }: Problem): string {
  const words = todo === undefined ? what : `${what}; ${todo}`;
  return where === undefined ? words : `${describePlace(where)}: ${words}`;
}

function describePlace({ file, line, column, key, offset }: Place): string {
  let text = file;
  if (line !== undefined) text += `:${line}`;
  if (line !== undefined && column !== undefined) text += `:${column}`;
  if (offset !== undefined) text += ` at byte ${offset}`;
  if (key !== undefined && key !== '') text += ` ${key}`;
  return text;
}

/** Something the operator can mend: printed without a stack. Whatever else is thrown is our bug. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(describeProblem).join('\n'), options);
    this.problems = problems;
  }
}
