/**
 * What the codes of a LogFormat print, as far as it is needed to find where they end (ProFTPD 1.3.8, mod_log and
 * `src/jot.c`). A value that is missing is `-`.
 *
 * `address` and `name` hold no blanks; `count` and `decimal` are numbers; `status` one of four words; `text` is anything
 * at all, quotes included, for nothing is escaped.
 */
export type CodeKind =
  | 'address'
  | 'name'
  | 'count'
  | 'decimal'
  | 'status'
  | 'clf-time'
  | 'iso-time'
  | 'epoch'
  | 'pattern-time'
  | 'text';

/** The regular expression of each kind's values: of bounded length, so that finding them takes linear time. */
export const KIND_PATTERNS: Readonly<Record<Exclude<CodeKind, 'text' | 'pattern-time'>, string>> = {
  address: '[0-9A-Fa-f.:]{2,45}|-|UNKNOWN',
  name: '[^\\s"]{1,255}',
  count: '\\d{1,15}|-',
  decimal: '\\d{1,9}(?:\\.\\d{1,6})?|-',
  status: 'success|failed|cancelled|timeout|-',
  'clf-time': '\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\]',
  'iso-time': '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}',
  epoch: '\\d{1,11}',
};

/** By the name of the code as it stands in the LogFormat, braces included. Those that are not listed are no codes. */
export const CODES: ReadonlyMap<string, CodeKind> = new Map<string, CodeKind>([
  ['%a', 'address'],
  ['%b', 'count'],
  ['%c', 'name'],
  ['%D', 'text'],
  ['%d', 'text'],
  ['%E', 'text'],
  ['%F', 'text'],
  ['%f', 'text'],
  ['%G', 'text'],
  ['%g', 'name'],
  ['%H', 'address'],
  ['%h', 'name'],
  ['%I', 'count'],
  ['%J', 'text'],
  ['%L', 'address'],
  ['%l', 'name'],
  ['%m', 'name'],
  ['%O', 'count'],
  ['%P', 'count'],
  ['%p', 'count'],
  ['%R', 'count'],
  ['%r', 'text'],
  ['%S', 'text'],
  ['%s', 'count'],
  ['%T', 'decimal'],
  ['%t', 'clf-time'],
  ['%U', 'text'],
  ['%u', 'name'],
  ['%V', 'name'],
  ['%v', 'text'],
  ['%w', 'text'],
  ['%A', 'name'],
  ['%{iso8601}', 'iso-time'],
  ['%{epoch}', 'epoch'],
  ['%{basename}', 'text'],
  ['%{file-modified}', 'name'],
  ['%{file-offset}', 'count'],
  ['%{file-size}', 'count'],
  ['%{gid}', 'count'],
  ['%{uid}', 'count'],
  ['%{microsecs}', 'count'],
  ['%{millisecs}', 'count'],
  ['%{protocol}', 'name'],
  ['%{remote-port}', 'count'],
  ['%{transfer-failure}', 'text'],
  ['%{transfer-millisecs}', 'count'],
  ['%{transfer-port}', 'count'],
  ['%{transfer-status}', 'status'],
  ['%{transfer-type}', 'name'],
  ['%{version}', 'text'],
]);
