/** What stands in a network, where that matters for its location. */
export type AsnKind = 'hosting' | 'content-network';

/**
 * Networks that are nothing else, by their number in the regional registries. Not complete, and need not be: what is not
 * here counts as an ordinary network.
 */
const NETWORKS: readonly (readonly [owner: string, kind: AsnKind, ...asns: number[]])[] = [
  ['Amazon', 'hosting', 8987, 14618, 16509],
  ['Microsoft', 'hosting', 8075],
  ['Google', 'hosting', 15169, 396982],
  ['Oracle', 'hosting', 31898],
  ['IBM Cloud', 'hosting', 36351],
  ['Alibaba', 'hosting', 37963, 45102],
  ['Tencent', 'hosting', 45090, 132203],
  ['DigitalOcean', 'hosting', 14061],
  ['OVHcloud', 'hosting', 16276],
  ['Hetzner', 'hosting', 24940, 213230],
  ['Vultr', 'hosting', 20473],
  ['Linode', 'hosting', 63949],
  ['Scaleway', 'hosting', 12876],
  ['Contabo', 'hosting', 51167],
  ['IONOS', 'hosting', 8560],
  ['Cloudflare', 'content-network', 13335, 209242],
  ['Fastly', 'content-network', 54113],
  ['Akamai', 'content-network', 16625, 20940],
  ['Imperva', 'content-network', 19551],
];

export const ASN_KINDS: ReadonlyMap<number, AsnKind> = new Map(
  NETWORKS.flatMap(([, kind, ...asns]) => asns.map((asn) => [asn, kind] as const)),
);
