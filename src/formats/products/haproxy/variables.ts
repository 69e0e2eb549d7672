import type { Directive } from '../../engines/web-template.ts';
import { CLF_TIME, CLF_TIME_MS, EPOCH_SECONDS, fractionTime } from '../../engines/web-times.ts';

/** What a variable prints, and whether `+Q` puts quotes around it: it does so around text, not around numbers. */
export interface HaproxyVariable extends Directive {
  readonly quotable?: true;
}

const count: HaproxyVariable = { holds: 'code' };
const name: HaproxyVariable = { holds: 'word', quotable: true };
const text: HaproxyVariable = { holds: 'text', quotable: true };
const address: HaproxyVariable = { holds: 'name', quotable: true };

/**
 * HAProxy configuration manual (2.0 to 3.2), "Custom log format". Which way bytes went: `%U` is what the client sent
 * (request line, headers, body; in TCP mode all), `%B` what was sent to the client, headers included; both count the
 * head as HAProxy keeps it, which is some bytes less than on the wire. The date is that of the beginning (`%t` of the
 * connection, `%tr` of the request), not that of the end.
 */
export const HAPROXY_VARIABLES: ReadonlyMap<string, HaproxyVariable> = new Map<string, HaproxyVariable>([
  ['o', { holds: 0 }],
  ['ci', { ...address, tells: 'client' }],
  ['cp', { ...count, tells: 'client-port' }],
  ['si', { ...address, tells: 'server' }],
  ['sp', { ...count, tells: 'server-port' }],
  ['fi', address],
  ['fp', count],
  ['bi', address],
  ['bp', count],
  ['B', { ...count, tells: 'bytes-to-client' }],
  ['U', { ...count, tells: 'bytes-from-client' }],
  ['ST', { ...count, tells: 'status' }],
  ['ts', { ...count, tells: 'result' }],
  ['tsc', { ...count, tells: 'result' }],
  ['Ta', { ...count, tells: 'duration' }],
  ['Tt', { ...count, tells: 'duration' }],
  ['Tu', { ...count, tells: 'duration' }],
  ['Tc', { ...count, tells: 'connect-time' }],
  ...(
    ['Td', 'Th', 'Ti', 'Tq', 'TR', 'Tr', 'Tw', 'ac', 'fc', 'bc', 'sc', 'rc', 'sq', 'bq', 'lc', 'rt', 'pid'] as const
  ).map((code) => [code, count] as const),
  ['t', { holds: CLF_TIME_MS.length ?? 0, time: CLF_TIME_MS }],
  ['tr', { holds: CLF_TIME_MS.length ?? 0, time: CLF_TIME_MS }],
  ['T', { holds: CLF_TIME.length ?? 0, time: CLF_TIME }],
  ['Tl', { holds: CLF_TIME.length ?? 0, time: CLF_TIME }],
  ['trg', { holds: CLF_TIME.length ?? 0, time: CLF_TIME }],
  ['trl', { holds: CLF_TIME.length ?? 0, time: CLF_TIME }],
  ['Ts', { holds: 'code', time: EPOCH_SECONDS }],
  ['ms', { holds: 'code', time: fractionTime(1) }],
  ['r', { ...text, tells: 'request' }],
  ['HM', { ...name, tells: 'method' }],
  ['HU', { ...text, tells: 'target' }],
  ['HP', { ...text, tells: 'target' }],
  ['HPO', { ...text, tells: 'target' }],
  ['HQ', { ...text, tells: 'query' }],
  ['HV', name],
  ['b', name],
  ['s', { ...name, tells: 'server-name' }],
  ['f', name],
  ['ft', name],
  ['H', name],
  ['ID', text],
  ['CC', name],
  ['CS', name],
  ['sslc', name],
  ['sslv', name],
  // In the order of the `capture` statements, whose names are not logged: `{vendor.example|curl/8|}`.
  ['hr', { holds: 'blocks' }],
  ['hs', { holds: 'blocks' }],
  ['hrl', { holds: 'text' }],
  ['hsl', { holds: 'text' }],
]);

/** Sample expressions, `%[...]`, without their converters. The three variables are those of our recommendation. */
export const HAPROXY_EXPRESSIONS: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['src', { holds: 'name', tells: 'client' }],
  ['src_port', { holds: 'code', tells: 'client-port' }],
  ['capture.req.method', { holds: 'word', tells: 'method' }],
  ['capture.req.uri', { holds: 'word', tells: 'target' }],
  ['method', { holds: 'word', tells: 'method' }],
  ['url', { holds: 'word', tells: 'target' }],
  ['status', { holds: 'code', tells: 'status' }],
  ['txn.status', { holds: 'code', tells: 'status' }],
  ['ssl_fc_sni', { holds: 'name', tells: 'sni' }],
  ['req.hdr(host)', { holds: 'name', tells: 'host' }],
  ['req.fhdr(host)', { holds: 'name', tells: 'host' }],
  ['hdr(host)', { holds: 'name', tells: 'host' }],
  ['var(txn.phi_host)', { holds: 'name', tells: 'host' }],
  ['var(txn.phi_type)', { holds: 'text', tells: 'request-type' }],
  ['var(txn.phi_reply_type)', { holds: 'text', tells: 'reply-type' }],
]);
