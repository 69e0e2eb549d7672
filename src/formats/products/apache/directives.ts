import type { Directive } from '../../engines/web-template.ts';
import { CLF_TIME, EPOCH_SECONDS, epochTime, fractionTime } from '../../engines/web-times.ts';

/**
 * What the directives of a LogFormat print: Apache 2.4, mod_log_config and mod_logio, "Custom Log Formats". Which way
 * bytes went: `%I` is what was received (request line, headers, body; inside a tunnel all of it), `%O` what was sent
 * with headers, `%B` and `%b` the body that was sent; `%S` is both together and tells neither.
 */
export const APACHE_DIRECTIVES: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['a', { holds: 'name', tells: 'client' }],
  ['h', { holds: 'name', tells: 'client' }],
  ['A', { holds: 'name' }],
  ['B', { holds: 'code', tells: 'body-to-client' }],
  ['b', { holds: 'code', tells: 'clf-body-to-client' }],
  ['D', { holds: 'code', tells: 'duration', unitMs: 0.001 }],
  ['f', { holds: 'text' }],
  ['H', { holds: 'word' }],
  ['k', { holds: 'code' }],
  // By RFC 1413 it may hold blanks; it is mostly `-`, and beside %u only one of the two can be read with blanks.
  ['l', { holds: 'word' }],
  ['L', { holds: 'word' }],
  ['m', { holds: 'word', tells: 'method' }],
  ['p', { holds: 'code' }],
  ['P', { holds: 'code' }],
  ['q', { holds: 'text', tells: 'query' }],
  ['r', { holds: 'text', tells: 'request' }],
  ['R', { holds: 'word' }],
  ['s', { holds: 'code', tells: 'status' }],
  ['t', { holds: CLF_TIME.length ?? 0, time: CLF_TIME }],
  ['T', { holds: 'name', tells: 'duration', unitMs: 1_000 }],
  ['u', { holds: 'text', tells: 'user' }],
  ['U', { holds: 'text', tells: 'target' }],
  ['v', { holds: 'name', tells: 'virtual-host' }],
  ['V', { holds: 'name', tells: 'virtual-host' }],
  ['X', { holds: 1 }],
  ['I', { holds: 'code', tells: 'bytes-from-client' }],
  ['O', { holds: 'code', tells: 'bytes-to-client' }],
  ['S', { holds: 'code' }],
  ['C', { holds: 'text' }],
  ['e', { holds: 'text' }],
  ['i', { holds: 'text' }],
  ['n', { holds: 'text' }],
  ['o', { holds: 'text' }],
  ['x', { holds: 'text' }],
  ['c', { holds: 'text' }],
  ['^ti', { holds: 'text' }],
  ['^to', { holds: 'text' }],
  ['^FB', { holds: 'code' }],
]);

/** The same directives with an argument in braces, lower case. */
export const APACHE_ARGUMENTS: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['{c}a', { holds: 'name' }],
  ['{c}h', { holds: 'name' }],
  ['{remote}p', { holds: 'code', tells: 'client-port' }],
  ['{us}T', { holds: 'code', tells: 'duration', unitMs: 0.001 }],
  ['{ms}T', { holds: 'code', tells: 'duration' }],
  ['{s}T', { holds: 'code', tells: 'duration', unitMs: 1_000 }],
  ['{content-type}i', { holds: 'text', tells: 'request-type' }],
  ['{content-length}i', { holds: 'text', tells: 'announced-bytes' }],
  ['{user-agent}i', { holds: 'text', tells: 'agent' }],
  ['{referer}i', { holds: 'text', tells: 'referrer' }],
  ['{host}i', { holds: 'text', tells: 'host' }],
  ['{x-forwarded-for}i', { holds: 'text', tells: 'client-chain' }],
  ['{content-type}o', { holds: 'text', tells: 'reply-type' }],
  // mod_proxy_balancer: the URL of the server that was chosen.
  ['{balancer_worker_name}e', { holds: 'text', tells: 'server' }],
  ['{ssl_tls_sni}x', { holds: 'name', tells: 'sni' }],
  ['{sec}t', { holds: 'code', time: EPOCH_SECONDS }],
  ['{msec}t', { holds: 'code', time: epochTime(1) }],
  ['{usec}t', { holds: 'code', time: epochTime(1_000) }],
  ['{msec_frac}t', { holds: 3, time: fractionTime(1) }],
  ['{usec_frac}t', { holds: 6, time: fractionTime(1_000) }],
]);
