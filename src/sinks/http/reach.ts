import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { type Address, parseAddress } from '../../net/address.ts';
import { contains, knownNetwork } from '../../net/network.ts';
import { unwrap } from '../../net/unwrap.ts';

/**
 * Where no SIEM is: what a host reaches on its own link, above all the places from which clouds hand out a machine's
 * credentials, and what is no single host. Whoever can write the configuration, or a name server's answer, must not make
 * the agent speak to those.
 *
 * Private addresses (RFC 1918, RFC 4193) and loopback are not among them: a hospital's SIEM stands exactly there, and a
 * rule against them would be switched off by everybody.
 */
const OUT_OF_REACH = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  // Metadata of Alibaba Cloud, and the host behind every machine of Azure.
  '100.100.100.200/32',
  '168.63.129.16/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'fe80::/10',
  // Metadata of AWS, and of Google Cloud.
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
  'ff00::/8',
].map(knownNetwork);

/** Whether alerts may be sent to an address. An IPv6 address that stands for an IPv4 address is judged by that one too. */
export function isInReach(address: Address): boolean {
  const inner = unwrap(address)?.inner;
  return !OUT_OF_REACH.some((network) => contains(network, address) || (inner && contains(network, inner)));
}

/** Whether alerts may be sent to what stands in a URL as its host; of a name, its addresses decide when they are known. */
export function isHostInReach(host: string): boolean {
  const address = parseAddress(host);
  return address === undefined || isInReach(address);
}

/** Whether a URL's host is this machine, where nobody listens in. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || LOOPBACK.some((network) => contains(network, parseAddress(host) ?? NOWHERE));
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].map(knownNetwork);
const NOWHERE: Address = { family: 4, text: '0.0.0.0', bytes: new Uint8Array(4) };

/** The code of the error for a name that points to where alerts must not be sent. */
export const OUT_OF_REACH_CODE = 'ERR_OUT_OF_REACH';

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** `dns.lookup`, which sockets call before they connect; it fails where one of the addresses is out of reach. */
export function lookupInReach(host: string, options: LookupOptions, done: Found): void {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, []);
    if (addresses.some(({ address }) => !isHostInReach(address)))
      return done(Object.assign(new Error('out of reach'), { code: OUT_OF_REACH_CODE }), []);
    const [first] = addresses;
    if (options.all === true || first === undefined) done(null, addresses);
    else done(null, first.address, first.family);
  });
}
