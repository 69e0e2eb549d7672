/** What a destination's answer means for the alerts that were handed to it, all of them alike. */
export type Verdict =
  /** Safe with the destination, as far as it can say so. */
  | { readonly kind: 'stored' }
  /** Not now. `afterMs`: the destination asked for at least this long. */
  | { readonly kind: 'again'; readonly because: string; readonly afterMs?: number }
  /** Not these, however often they are tried. */
  | { readonly kind: 'never'; readonly because: string };

export const STORED: Verdict = { kind: 'stored' };

/** `ENOSPC` and the like, or the error's name: never its message, which can hold a token or a piece of an alert. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return 'unknown error';
}
