import type { Address } from '../../net/address.ts';
import { knownNetwork } from '../../net/network.ts';
import { type PrefixMatch, PrefixTable } from '../../net/prefix-table.ts';

/** A network whose addresses tell where an edge is, and nothing about who stands behind it. */
export interface Edge {
  readonly operator: string;
  /**
   * `content-network`: serves and forwards for origins that may be anywhere. `anycast`: one address, many places.
   * `relay`: people behind it may be anywhere.
   */
  readonly kind: 'content-network' | 'anycast' | 'relay';
  /** The list that the operator publishes. */
  readonly document: string;
}

/** @returns the smallest network of the table that holds the address. */
export function edgeOf(address: Address): PrefixMatch<Edge> | undefined {
  return TABLE.find(address);
}

interface Published extends Edge {
  readonly networks: string;
}

/**
 * Taken from the documents named, read in November 2026. Only what its operator publishes and rarely changes stands
 * here. Cloud providers' edges change weekly: their range files tell them, and where such a file lists an address it
 * outranks this table. Akamai publishes no list.
 */
const PUBLISHED: readonly Published[] = [
  {
    operator: 'Cloudflare',
    kind: 'content-network',
    document: 'cloudflare.com/ips',
    networks: `103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 104.16.0.0/13 104.24.0.0/14 108.162.192.0/18 131.0.72.0/22
      141.101.64.0/18 162.158.0.0/15 172.64.0.0/13 173.245.48.0/20 188.114.96.0/20 190.93.240.0/20 197.234.240.0/22
      198.41.128.0/17 2400:cb00::/32 2405:8100::/32 2405:b500::/32 2606:4700::/32 2803:f800::/32 2a06:98c0::/29
      2c0f:f248::/32`,
  },
  {
    operator: 'Fastly',
    kind: 'content-network',
    document: 'api.fastly.com/public-ip-list',
    networks: `23.235.32.0/20 43.249.72.0/22 103.244.50.0/24 103.245.222.0/23 103.245.224.0/24 104.156.80.0/20
      140.248.64.0/18 140.248.128.0/17 146.75.0.0/17 151.101.0.0/16 157.52.64.0/18 167.82.0.0/17 167.82.128.0/20
      167.82.160.0/20 167.82.224.0/20 172.111.64.0/18 185.31.16.0/22 199.27.72.0/21 199.232.0.0/16 2a04:4e40::/32
      2a04:4e42::/32`,
  },
  {
    operator: 'Amazon CloudFront',
    kind: 'content-network',
    document: 'CloudFront Developer Guide, CLOUDFRONT_GLOBAL_IP_LIST',
    networks: `3.160.0.0/14 3.164.0.0/18 3.164.64.0/18 3.164.128.0/17 3.165.0.0/16 3.166.0.0/15 3.168.0.0/14 3.172.0.0/18
      3.172.64.0/18 3.173.0.0/17 3.173.128.0/18 3.173.192.0/18 3.174.0.0/15 13.32.0.0/15 13.35.0.0/16 13.224.0.0/14
      13.249.0.0/16 15.158.0.0/16 18.64.0.0/14 18.68.0.0/16 18.154.0.0/15 18.160.0.0/15 18.164.0.0/15 18.172.0.0/15
      18.238.0.0/15 18.244.0.0/15 23.91.0.0/19 24.110.32.0/19 52.46.0.0/18 52.84.0.0/15 52.124.128.0/17 52.222.128.0/17
      54.182.0.0/16 54.192.0.0/16 54.230.0.0/17 54.230.128.0/18 54.230.200.0/21 54.230.208.0/20 54.230.224.0/19
      54.239.128.0/18 54.239.192.0/19 54.240.128.0/18 64.252.64.0/18 64.252.128.0/18 65.8.0.0/16 65.9.0.0/17
      65.9.128.0/18 70.132.0.0/18 71.152.0.0/17 99.84.0.0/16 99.86.0.0/16 108.138.0.0/15 108.156.0.0/14 130.176.0.0/17
      130.176.128.0/18 130.176.192.0/19 130.176.224.0/20 143.204.0.0/16 144.220.0.0/16 204.246.164.0/22
      204.246.168.0/22 204.246.172.0/24 204.246.173.0/24 204.246.174.0/23 204.246.176.0/20 205.251.202.0/23
      205.251.204.0/23 205.251.206.0/23 205.251.208.0/20 205.251.249.0/24 205.251.250.0/23 205.251.252.0/23
      205.251.254.0/24 216.137.32.0/19`,
  },
  {
    operator: 'Google',
    kind: 'content-network',
    document: 'goog.json without cloud.json, "Obtain Google IP address ranges"',
    networks: `64.233.160.0/19 66.102.0.0/20 72.14.192.0/18 74.125.0.0/16 108.177.0.0/17 142.250.0.0/15 172.217.0.0/16
      172.253.0.0/16 173.194.0.0/16 192.178.0.0/15 209.85.128.0/17 216.58.192.0/19 216.239.32.0/19 2001:4860::/32
      2404:6800::/32 2607:f8b0::/32 2800:3f0::/32 2a00:1450::/32 2c0f:fb50::/32`,
  },
  {
    operator: 'Imperva',
    kind: 'content-network',
    document: 'Imperva, "Allowlist Imperva IP addresses"',
    networks: `45.60.0.0/16 45.64.64.0/22 45.223.0.0/16 103.28.248.0/22 107.154.0.0/16 149.126.72.0/21 185.11.124.0/22
      192.230.64.0/18 198.143.32.0/19 199.83.128.0/21 2a02:e980::/29`,
  },
  {
    operator: 'Zscaler',
    kind: 'relay',
    document: 'config.zscaler.com, hub IP addresses (required)',
    networks: `8.25.203.0/24 64.74.126.64/26 70.39.159.0/24 72.52.96.0/26 87.58.64.0/18 89.167.131.0/24 101.2.192.0/18
      104.129.192.0/20 136.226.0.0/16 137.83.128.0/18 147.161.128.0/17 165.225.0.0/17 165.225.192.0/18 167.103.0.0/16
      170.85.0.0/16 185.46.212.0/22 194.9.96.0/20 194.9.112.0/22 194.9.116.0/24 198.14.64.0/18 199.168.148.0/22
      209.55.128.0/18 209.55.192.0/19 213.152.228.0/24 216.52.207.64/26 216.218.133.192/26`,
  },
  {
    operator: 'Cloudflare resolver',
    kind: 'anycast',
    document: 'developers.cloudflare.com/1.1.1.1',
    networks: '1.1.1.1/32 1.0.0.1/32 2606:4700:4700::1111/128 2606:4700:4700::1001/128',
  },
  {
    operator: 'Google Public DNS',
    kind: 'anycast',
    document: 'developers.google.com/speed/public-dns',
    networks: '8.8.8.8/32 8.8.4.4/32 2001:4860:4860::8888/128 2001:4860:4860::8844/128',
  },
  {
    operator: 'Quad9',
    kind: 'anycast',
    document: 'quad9.net/service/service-addresses-and-features',
    networks: '9.9.9.9/32 149.112.112.112/32 2620:fe::fe/128 2620:fe::9/128',
  },
  {
    operator: 'OpenDNS',
    kind: 'anycast',
    document: 'opendns.com/setupguide',
    networks: '208.67.222.222/32 208.67.220.220/32 2620:119:35::35/128 2620:119:53::53/128',
  },
];

const TABLE = new PrefixTable<Edge>(
  PUBLISHED.flatMap(({ networks, ...edge }) =>
    networks.split(/\s+/).map((cidr) => [knownNetwork(cidr), edge] as const),
  ),
);
