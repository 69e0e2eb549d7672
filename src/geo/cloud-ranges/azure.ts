import * as z from 'zod';
import { AZURE_REGIONS } from '../regions/azure.ts';
import { formMistake } from './form-mistake.ts';
import type { Flaw, RangeRow } from './gather.ts';
import { placeIn } from './place.ts';
import type { Publication } from './publication.ts';

const schema = z.object({
  changeNumber: z.int().nonnegative(),
  cloud: z.string(),
  values: z.array(z.unknown()),
});

const tagSchema = z.object({
  name: z.string(),
  properties: z.object({ region: z.string().default(''), addressPrefixes: z.array(z.unknown()) }),
});

/** `ServiceTags_Public_<date>.json`, and those of Azure Government and China, which have the same form. */
export const AZURE: Publication = {
  provider: 'azure',
  manual: 'Azure, "Virtual network service tags"',
  recognises: ({ changeNumber, cloud, values }) =>
    changeNumber !== undefined && cloud !== undefined && values !== undefined,
  read(document) {
    const { data, error } = schema.safeParse(document);
    if (error !== undefined) return formMistake(error);
    const { changeNumber: serial, cloud, values } = data;
    return { series: `azure ${cloud}`, serial, edition: `${cloud} ${serial}`, rows: rowsOf(values) };
  },
};

/** The tag of everything that Azure has, and its parts by region: `AzureCloud.centralindia`. */
const EVERYTHING = 'AzureCloud';

/** Anycast, and the addresses from which it speaks to origins. */
const EDGE_TAGS = /^AzureFrontDoor(?:\.|$)/;

/** Tags of services repeat parts of `AzureCloud`, some under a region that is only that of the service: not read. */
function* rowsOf(values: readonly unknown[]): Generator<RangeRow | Flaw> {
  for (const [index, value] of values.entries()) {
    const at = `values[${index}]`;
    const { data, error } = tagSchema.safeParse(value);
    if (error !== undefined) {
      yield formMistake(error, at);
      return;
    }
    const { region, addressPrefixes } = data.properties;
    const told = whatIsTold(data.name, region);
    if (told === undefined) continue;
    for (const [prefix, cidr] of addressPrefixes.entries())
      yield { cidr: String(cidr), at: `${at}.properties.addressPrefixes[${prefix}]`, ...told };
  }
}

function whatIsTold(name: string, region: string): Pick<RangeRow, 'place' | 'said' | 'isGeneral'> | undefined {
  if (EDGE_TAGS.test(name)) return { place: { kind: 'edge' }, said: name };
  if (name === EVERYTHING) return { place: { kind: 'edge' }, said: `${name}, no region`, isGeneral: true };
  if (!name.startsWith(`${EVERYTHING}.`)) return undefined;
  const key = (region === '' ? name.slice(EVERYTHING.length + 1) : region).toLowerCase();
  const country = AZURE_REGIONS.get(key);
  return { place: placeIn(country), said: country === undefined ? `${name}, a region that is not known` : name };
}
