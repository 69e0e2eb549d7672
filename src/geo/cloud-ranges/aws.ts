import * as z from 'zod';
import { countryOfBorderGroup } from '../regions/aws.ts';
import { formMistake } from './form-mistake.ts';
import type { Flaw, RangeRow } from './gather.ts';
import { placeIn } from './place.ts';
import type { Publication } from './publication.ts';

const schema = z.object({
  /** Seconds since the epoch. */
  syncToken: z.string().regex(/^\d{9,11}$/),
  prefixes: z.array(z.unknown()),
  ipv6_prefixes: z.array(z.unknown()).default([]),
});

const place = { region: z.string(), service: z.string(), network_border_group: z.string().optional() };
const ipv4Schema = z.object({ ip_prefix: z.string(), ...place });
const ipv6Schema = z.object({ ipv6_prefix: z.string(), ...place });

/** `ip-ranges.json`. */
export const AWS: Publication = {
  provider: 'aws',
  manual: 'Amazon VPC User Guide, "AWS IP address ranges"',
  recognises: ({ syncToken, createDate, prefixes }) =>
    syncToken !== undefined && createDate !== undefined && prefixes !== undefined,
  read(document) {
    const { data, error } = schema.safeParse(document);
    if (error !== undefined) return formMistake(error);
    const serial = Number(data.syncToken);
    const edition = { series: 'aws', serial, edition: data.syncToken, builtMs: serial * 1000 };
    return { ...edition, rows: rowsOf(data) };
  },
};

function* rowsOf({ prefixes, ipv6_prefixes }: z.output<typeof schema>): Generator<RangeRow | Flaw> {
  for (const [index, entry] of prefixes.entries()) {
    const at = `prefixes[${index}]`;
    const { data, error } = ipv4Schema.safeParse(entry);
    yield error === undefined ? row(data.ip_prefix, at, data) : formMistake(error, at);
  }
  for (const [index, entry] of ipv6_prefixes.entries()) {
    const at = `ipv6_prefixes[${index}]`;
    const { data, error } = ipv6Schema.safeParse(entry);
    yield error === undefined ? row(data.ipv6_prefix, at, data) : formMistake(error, at);
  }
}

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

function row(cidr: string, at: string, entry: Omit<z.output<typeof ipv4Schema>, 'ip_prefix'>): RangeRow {
  const { region, service, network_border_group: group = region } = entry;
  const isEdge = region === 'GLOBAL' || group === 'GLOBAL' || EDGE_SERVICES.has(service);
  const where = group === region ? region : `${region}, border group ${group}`;
  if (isEdge) return { cidr, at, place: { kind: 'edge' }, said: `${where}, ${service}` };
  const country = countryOfBorderGroup(group);
  return { cidr, at, place: placeIn(country), said: country === undefined ? `${where}, which is not known` : where };
}
