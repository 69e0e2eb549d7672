import * as z from 'zod';
import { ORACLE_REGIONS } from '../regions/oracle.ts';
import { formMistake } from './form-mistake.ts';
import type { RangeRow } from './gather.ts';
import { placeIn } from './place.ts';
import type { Publication } from './publication.ts';

const regionSchema = z.object({ region: z.string(), cidrs: z.array(z.object({ cidr: z.string() })) });

const schema = z.object({ last_updated_timestamp: z.string(), regions: z.array(regionSchema) });

/** `public_ip_ranges.json`. */
export const ORACLE: Publication = {
  provider: 'oracle',
  manual: 'Oracle Cloud Infrastructure, "IP Address Ranges"',
  recognises: ({ last_updated_timestamp, regions }) => last_updated_timestamp !== undefined && regions !== undefined,
  read(document) {
    const { data, error } = schema.safeParse(document);
    if (error !== undefined) return { because: formMistake(error) };
    const { last_updated_timestamp: edition, regions } = data;
    // Without a zone, which is UTC's.
    const builtMs = Date.parse(/[Zz]|[+-]\d\d:?\d\d$/.test(edition) ? edition : `${edition}Z`);
    if (Number.isNaN(builtMs)) return { because: 'last_updated_timestamp has not the published form' };
    return { series: 'oracle', serial: builtMs, edition, builtMs, rows: regions.flatMap(rowsOf) };
  },
};

function rowsOf({ region, cidrs }: z.output<typeof regionSchema>, index: number): readonly RangeRow[] {
  const country = ORACLE_REGIONS.get(region);
  const told = { place: placeIn(country), said: country === undefined ? `${region}, which is not known` : region };
  return cidrs.map(({ cidr }, at) => ({ cidr, at: `regions[${index}].cidrs[${at}]`, ...told }));
}
