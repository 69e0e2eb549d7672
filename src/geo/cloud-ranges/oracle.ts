import * as z from 'zod';
import { ORACLE_REGIONS } from '../regions/oracle.ts';
import { formMistake } from './form-mistake.ts';
import type { Flaw, RangeRow } from './gather.ts';
import { placeIn } from './place.ts';
import type { Publication } from './publication.ts';

const schema = z.object({ last_updated_timestamp: z.string(), regions: z.array(z.unknown()) });

const regionSchema = z.object({ region: z.string(), cidrs: z.array(z.object({ cidr: z.string() })) });

/** `public_ip_ranges.json`. */
export const ORACLE: Publication = {
  provider: 'oracle',
  manual: 'Oracle Cloud Infrastructure, "IP Address Ranges"',
  recognises: ({ last_updated_timestamp, regions }) => last_updated_timestamp !== undefined && regions !== undefined,
  read(document) {
    const { data, error } = schema.safeParse(document);
    if (error !== undefined) return formMistake(error);
    const { last_updated_timestamp: edition, regions } = data;
    // Without a zone, which is UTC's.
    const builtMs = Date.parse(/[Zz]|[+-]\d\d:?\d\d$/.test(edition) ? edition : `${edition}Z`);
    if (Number.isNaN(builtMs)) return { because: 'last_updated_timestamp has not the published form' };
    return { series: 'oracle', serial: builtMs, edition, builtMs, rows: rowsOf(regions) };
  },
};

function* rowsOf(regions: readonly unknown[]): Generator<RangeRow | Flaw> {
  for (const [index, entry] of regions.entries()) {
    const at = `regions[${index}]`;
    const { data, error } = regionSchema.safeParse(entry);
    if (error !== undefined) {
      yield formMistake(error, at);
      return;
    }
    const country = ORACLE_REGIONS.get(data.region);
    const said = country === undefined ? `${data.region}, which is not known` : data.region;
    const told = { place: placeIn(country), said };
    for (const [position, { cidr }] of data.cidrs.entries()) yield { cidr, at: `${at}.cidrs[${position}]`, ...told };
  }
}
