import { expect, test } from 'vitest';
import { parseAddress } from '../../src/net/address.ts';
import { unwrap } from '../../src/net/unwrap.ts';

test.each([
  // RFC 6052 section 2.4: 192.0.2.33 with the well-known prefix.
  ['64:ff9b::c000:221', '192.0.2.33', 'NAT64 (RFC 6052)', '64:ff9b::/96'],
  // 13.232.1.9 is 0de8:0109 in hexadecimal.
  ['2002:de8:109::1', '13.232.1.9', '6to4 (RFC 3056)', '2002::/16'],
  // RFC 4380 section 4: the client 192.0.2.45 stands as 3fff:fdd2, all bits inverted.
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', '192.0.2.45', 'Teredo (RFC 4380)', '2001::/32'],
  ['::de8:109', '13.232.1.9', 'IPv4-compatible (RFC 4291)', '::/96'],
])('%s holds %s', (text, inner, mechanism, network) => {
  const address = parseAddress(text);
  if (address === undefined) throw new Error('no address');
  expect(unwrap(address)).toMatchObject({ inner: { family: 4, text: inner }, mechanism, network: { text: network } });
});

test.each(['13.232.1.9', '::', '::1', '2001:db8::1', '64:ff9b:1::1', '64:ff9b:0:0:0:1::1', '2003::1', '2001:1::1'])(
  '%s holds no other address',
  (text) => {
    const address = parseAddress(text);
    if (address === undefined) throw new Error('no address');
    expect(unwrap(address)).toBeUndefined();
  },
);
