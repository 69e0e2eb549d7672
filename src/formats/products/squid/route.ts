import type { LogRecord, Outcome } from '../../record.ts';

export type Reached = NonNullable<LogRecord['reached']>;

/**
 * Whom Squid spoke to, by hierarchy code (`%Sh`; names of Squid 2 to 7). The address beside the code belongs to that
 * party: only with `server` is it the origin's.
 *
 * @returns `undefined` for a code that is not known
 */
export function reachedByHierarchy(code: string): Reached | undefined {
  return HIERARCHY.get(code.startsWith('TIMEOUT_') ? code.slice('TIMEOUT_'.length) : code);
}

/** What a result code (`%Ss`, such as `TCP_MISS_ABORTED`) says, tag by tag. */
export interface SquidResult {
  readonly denied: boolean;
  readonly aborted: boolean;
  /** No cache and no server had a part in it. */
  readonly none: boolean;
  /** Squid answered by itself: from its cache, or by a redirect. */
  readonly answered: boolean;
}

export function readResult(code: string): SquidResult {
  const tags = new Set(code.split('_'));
  return {
    denied: tags.has('DENIED'),
    aborted: tags.has('ABORTED') || tags.has('TIMEDOUT'),
    none: tags.has('NONE'),
    // A refresh asked the server, whatever was answered in the end.
    answered: (tags.has('HIT') && !tags.has('REFRESH')) || tags.has('REDIRECT'),
  };
}

/** A reader that remembers: results come from a small set. */
export function rememberingResultReader(): (code: string) => SquidResult {
  const known = new Map<string, SquidResult>();
  return (code) => {
    const before = known.get(code);
    if (before !== undefined) return before;
    if (known.size >= MAX_RESULTS) known.clear();
    const result = readResult(code);
    // A copy: a part of a string keeps the whole line alive.
    known.set(Buffer.from(code).toString(), result);
    return result;
  };
}

const MAX_RESULTS = 256;

/** Whom Squid spoke to, where the log has no hierarchy code: then only "nobody" can be told, a parent looks like a server. */
export function reachedByResult(result: SquidResult | undefined, address: string | undefined): Reached | undefined {
  if (address !== undefined) return address === '-' ? 'nobody' : undefined;
  return result !== undefined && (result.denied || result.none || result.answered) ? 'nobody' : undefined;
}

/**
 * How a request ended for the client.
 *
 * A denial after a server was spoken to is one of the reply (`http_reply_access`): the request had gone out. A 502, 503
 * or 504 may be the server's own, or Squid's because there was no server: the log cannot say, so it is no success.
 *
 * @param status to the client, 0 where there was no reply
 * @returns `undefined` where the status would tell and is not logged
 */
export function outcomeOf(
  result: SquidResult,
  status: number | undefined,
  reached: Reached | undefined,
): Outcome | undefined {
  const spoke = reached === 'server' || reached === 'parent-proxy';
  if (result.denied) return spoke ? 'failure' : 'denied';
  if (result.aborted) return 'aborted';
  if (status === undefined) return undefined;
  if (status === 0 || MAYBE_OWN_ERROR_PAGE.has(status)) return 'failure';
  return result.none && status >= 400 ? 'failure' : 'success';
}

const MAYBE_OWN_ERROR_PAGE = new Set([502, 503, 504]);

const HIERARCHY: ReadonlyMap<string, Reached> = new Map([
  ...each('nobody', ['HIER_NONE', 'NONE', 'NO_DIRECT_FAIL']),
  ...each('server', ['HIER_DIRECT', 'DIRECT', 'PINNED', 'ORIGINAL_DST', 'STANDBY_POOL', 'CLOSEST_DIRECT']),
  ...each('server', ['NO_CACHE_DIGEST_DIRECT', 'SOURCE_FASTEST', 'LOCAL_IP_DIRECT', 'FIREWALL_IP_DIRECT']),
  ...each('server', ['NO_PARENT_DIRECT']),
  ...each('parent-proxy', ['PARENT_HIT', 'DEFAULT_PARENT', 'SINGLE_PARENT', 'FIRSTUP_PARENT', 'FIRST_PARENT_MISS']),
  ...each('parent-proxy', ['CLOSEST_PARENT', 'CLOSEST_PARENT_MISS', 'ROUNDROBIN_PARENT', 'CD_PARENT_HIT', 'CARP']),
  ...each('parent-proxy', ['ANY_OLD_PARENT', 'ANY_PARENT', 'USERHASH_PARENT', 'USERHASH', 'SOURCEHASH_PARENT']),
  ...each('parent-proxy', ['SOURCEHASH', 'FASTEST_PARENT', 'PASSTHROUGH_PARENT', 'SSL_PARENT_MISS']),
  // A sibling is another cache, and like a parent's its address says nothing about the server.
  ...each('parent-proxy', ['SIBLING_HIT', 'CD_SIBLING_HIT']),
]);

function each(reached: Reached, codes: readonly string[]): readonly (readonly [string, Reached])[] {
  return codes.map((code) => [code, reached]);
}
