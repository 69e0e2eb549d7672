/**
 * What a logformat code prints. `header` and the other kinds of text differ in one thing: Squid percent-encodes a
 * header's value, blanks included, wherever the format does not say how to quote it.
 */
export type SquidCodeKind = 'code' | 'name' | 'word' | 'text' | 'header' | 'local-time' | 'utc-time';

/** All codes of Squid 2.6 to 7: squid.conf, "logformat". `ssl::` stands for `tls::` too, and `http::` for nothing. */
export const SQUID_CODES: ReadonlyMap<string, SquidCodeKind> = new Map([
  ...ofKind('local-time', ['tl']),
  ...ofKind('utc-time', ['tg']),
  ...ofKind('code', ['ts', 'tu', 'tr', 'dt', '<pt', '<tt', 'busy_time', 'sn', 'master_xaction', 'request_attempts']),
  ...ofKind('code', ['>p', '<p', '>lp', 'lp', '<lp', '>qos', '<qos', '>nfmark', '<nfmark', '>rP', '<rP']),
  ...ofKind('code', ['>Hs', '<Hs', 'Hs', 'Ss', 'Sh', 'err_code', 'ssl::bump_mode', 'transport::>connection_id']),
  ...ofKind('code', ['>st', '<st', 'st', '>sh', '<sh', '<bs', '<sH', '<sS']),
  ...ofKind('code', [
    'icap::tt',
    'icap::tr',
    'icap::tio',
    'icap::to',
    'icap::Hs',
    'icap::>st',
    'icap::<st',
    'icap::<bs',
  ]),
  ...ofKind('name', ['>a', '>A', '<a', '<A', '>la', 'la', '<la', 'oa', '>eui', '>rd', '<rd', 'ssl::>sni', 'tS']),
  ...ofKind('word', ['mt', '>rs', '<rs', '>handshake', 'err_detail']),
  ...ofKind('word', ['rm', '>rm', '<rm', 'ru', '>ru', '<ru', 'rp', '>rp', '<rp', 'rv', '>rv', '<rv', '>v', 'rG']),
  ...ofKind('word', ['adapt::all_trs', 'adapt::sum_trs', 'ssl::<cert_errors']),
  ...ofKind('word', ['ssl::>negotiated_version', 'ssl::<negotiated_version', 'ssl::>negotiated_cipher']),
  ...ofKind('word', ['ssl::<negotiated_cipher', 'ssl::>received_hello_version', 'ssl::<received_hello_version']),
  ...ofKind('word', ['ssl::>received_supported_version', 'ssl::<received_supported_version']),
  ...ofKind('word', ['icap::<A', 'icap::<service_name', 'icap::ru', 'icap::rm']),
  ...ofKind('text', ['un', 'ul', 'ue', 'us', 'et', 'ea', 'credentials']),
  // By RFC 1413 it may hold blanks; it is mostly `-`, and beside %un only one of the two can be read with blanks.
  ...ofKind('word', ['ui']),
  ...ofKind('text', [
    'ssl::>cert_subject',
    'ssl::>cert_issuer',
    'ssl::<cert_subject',
    'ssl::<cert_issuer',
    'ssl::<cert',
  ]),
  ...ofKind('header', ['>h', '<h', '>ha', 'note', 'adapt::<last_h', 'icap::>h', 'icap::<h', 'icap::<last_h']),
  ...ofKind('header', ['proxy_protocol::>h']),
]);

function ofKind(kind: SquidCodeKind, codes: readonly string[]): readonly (readonly [string, SquidCodeKind])[] {
  return codes.map((code) => [code, kind]);
}
