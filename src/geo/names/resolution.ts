/**
 * What became of looking a name up.
 * `answered`: all its addresses, canonical and sorted. `none`: the name is known not to have any. `failed`: nobody could
 * be asked, or answered to the end.
 */
export type Resolution = {
  /** ms since the epoch: when it was asked. */
  readonly atMs: number;
  /** The DNS servers that were asked, in words. */
  readonly by: string;
} & (
  | { readonly kind: 'answered'; readonly addresses: readonly [string, ...string[]] }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly because: string }
);

/** Never rejects; in time whatever the servers do. */
export type Resolve = (name: string) => Promise<Resolution>;
