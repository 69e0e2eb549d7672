/** What a destination's answer means for one alert. */
export type ItemVerdict =
  /** Safe with the destination, as far as it can say so. */
  | { readonly kind: 'stored' }
  /** Not now. `afterMs`: the destination asked for at least this long. */
  | { readonly kind: 'again'; readonly because: string; readonly afterMs?: number }
  /** Not this one, however often it is tried. */
  | { readonly kind: 'never'; readonly because: string };

/** What an answer means for the alerts that were handed over together: all of them alike, unless it speaks of each. */
export type Verdict =
  | ItemVerdict
  /** One for each alert, in their order. */
  | { readonly kind: 'each'; readonly items: readonly ItemVerdict[] }
  /** Nothing will be taken before the operator mends something: a token, an address, a certificate. */
  | { readonly kind: 'hold'; readonly because: string }
  /** Too much at once. */
  | { readonly kind: 'split'; readonly because: string };

export const STORED: ItemVerdict = { kind: 'stored' };

/** `ENOSPC` and the like, or the error's name: never its message, which can hold a token or a piece of an alert. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return 'unknown error';
}
