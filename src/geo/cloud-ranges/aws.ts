import * as z from 'zod';
import { countryOfBorderGroup } from '../regions/aws.ts';
import { formMistake } from './form-mistake.ts';
import type { RangeRow } from './gather.ts';
import { placeIn } from './place.ts';
import type { Publication } from './publication.ts';

const common = { region: z.string(), service: z.string(), network_border_group: z.string().optional() };

const schema = z.object({
  /** Seconds since the epoch. */
  syncToken: z.string().regex(/^\d{9,11}$/),
  prefixes: z.array(z.object({ ip_prefix: z.string(), ...common })),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: z.string(), ...common })).default([]),
});

/** `ip-ranges.json`. */
export const AWS: Publication = {
  provider: 'aws',
  manual: 'Amazon VPC User Guide, "AWS IP address ranges"',
  recognises: ({ syncToken, createDate, prefixes }) =>
    syncToken !== undefined && createDate !== undefined && prefixes !== undefined,
  read(document) {
    const { data, error } = schema.safeParse(document);
    if (error !== undefined) return { because: formMistake(error) };
    const ipv4 = data.prefixes.map((it, at) => row(it.ip_prefix, `prefixes[${at}]`, it));
    const ipv6 = data.ipv6_prefixes.map((it, at) => row(it.ipv6_prefix, `ipv6_prefixes[${at}]`, it));
    const serial = Number(data.syncToken);
    return { series: 'aws', serial, edition: data.syncToken, builtMs: serial * 1000, rows: [...ipv4, ...ipv6] };
  },
};

/**
 * Content networks and anycast, also where a row names a region: that is where the edge is. Whatever a client sends
 * there goes on to an origin that may be anywhere.
 */
const EDGE_SERVICES: ReadonlySet<string> = new Set([
  'CLOUDFRONT',
  'CLOUDFRONT_ORIGIN_FACING',
  'GLOBALACCELERATOR',
  'ROUTE53',
]);

function row(cidr: string, at: string, entry: z.output<z.ZodObject<typeof common>>): RangeRow {
  const { region, service, network_border_group: group = region } = entry;
  const isEdge = region === 'GLOBAL' || group === 'GLOBAL' || EDGE_SERVICES.has(service);
  const where = group === region ? region : `${region}, border group ${group}`;
  if (isEdge) return { cidr, at, place: { kind: 'edge' }, said: `${where}, ${service}` };
  const country = countryOfBorderGroup(group);
  return { cidr, at, place: placeIn(country), said: country === undefined ? `${where}, which is not known` : where };
}
