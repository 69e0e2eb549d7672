import * as z from 'zod';
import { GCP_REGIONS } from '../regions/gcp.ts';
import { formMistake } from './form-mistake.ts';
import type { Flaw, RangeRow } from './gather.ts';
import { placeIn } from './place.ts';
import type { Publication } from './publication.ts';

const schema = z.object({
  /** ms since the epoch. */
  syncToken: z.string().regex(/^\d{12,14}$/),
  prefixes: z.array(z.unknown()),
});

const prefixSchema = z
  .object({ ipv4Prefix: z.string().optional(), ipv6Prefix: z.string().optional(), scope: z.string().optional() })
  .refine(({ ipv4Prefix, ipv6Prefix }) => ipv4Prefix !== undefined || ipv6Prefix !== undefined);

/** `cloud.json`, and `goog.json`, which lists all that Google has and tells no regions. */
export const GCP: Publication = {
  provider: 'gcp',
  manual: 'Google Workspace Admin Help, "Obtain Google IP address ranges"',
  recognises: ({ syncToken, creationTime, prefixes }) =>
    syncToken !== undefined && creationTime !== undefined && prefixes !== undefined,
  read(document) {
    const { data, error } = schema.safeParse(document);
    if (error !== undefined) return formMistake(error);
    const { syncToken, prefixes } = data;
    const serial = Number(syncToken);
    const series = prefixes.some(tellsScope) ? 'gcp' : 'gcp, all of Google';
    return { series, serial, edition: syncToken, builtMs: serial, rows: rowsOf(prefixes) };
  },
};

function tellsScope(prefix: unknown): boolean {
  return typeof prefix === 'object' && prefix !== null && 'scope' in prefix;
}

function* rowsOf(prefixes: readonly unknown[]): Generator<RangeRow | Flaw> {
  for (const [index, prefix] of prefixes.entries()) {
    const at = `prefixes[${index}]`;
    const { data, error } = prefixSchema.safeParse(prefix);
    yield error === undefined ? row(data, at) : formMistake(error, at);
  }
}

function row({ ipv4Prefix, ipv6Prefix, scope }: z.output<typeof prefixSchema>, at: string): RangeRow {
  const of = { cidr: ipv4Prefix ?? ipv6Prefix ?? '', at };
  if (scope === undefined) return { ...of, place: { kind: 'edge' }, said: 'Google, no region', isGeneral: true };
  // Load balancers answer on such addresses from everywhere.
  if (scope === 'global') return { ...of, place: { kind: 'edge' }, said: scope };
  const country = GCP_REGIONS.get(scope);
  return { ...of, place: placeIn(country), said: country === undefined ? `${scope}, which is not known` : scope };
}
