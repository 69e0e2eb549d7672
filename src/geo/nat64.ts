import { OperatorError } from '../errors/problem.ts';
import { type Network, parseNetwork } from '../net/network.ts';
import { isNat64Length } from '../net/unwrap.ts';

/** @throws OperatorError `config.bad-value` for what is no prefix that RFC 6052 knows */
export function nat64Prefixes(texts: readonly string[]): readonly Network[] {
  return texts.map((text) => {
    const reading = parseNetwork(text);
    if ('network' in reading && reading.network.family === 6 && isNat64Length(reading.network.length))
      return reading.network;
    throw new OperatorError([
      {
        code: 'config.bad-value',
        what: `"${text}" in geo.nat64 is no NAT64 prefix`,
        todo: 'write an IPv6 network of length 32, 40, 48, 56, 64 or 96 (RFC 6052 section 2.2)',
      },
    ]);
  });
}
