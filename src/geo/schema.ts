import * as z from 'zod';
import { field, name, quote, words } from '../errors/field.ts';
import { countryCode } from '../net/fields.ts';
import { parseNetwork } from '../net/network.ts';
import { placedNetworksSchema } from '../net/placed-networks.ts';
import { isNat64Length } from '../net/unwrap.ts';
import { durationMs } from '../time/fields.ts';
import { resolverSchema } from './names/schema.ts';
import { TERRITORIES } from './territories.ts';
import { updateSchema } from './updates/schema.ts';
import { watchSchema } from './watch/schema.ts';
import { WEIGHTS_EXPLAINED } from './weights.ts';

/** See `net/unwrap.ts`. */
const nat64Prefix = field(
  (text, refuse) => {
    const reading = parseNetwork(text);
    if ('network' in reading && reading.network.family === 6 && isNat64Length(reading.network.length))
      return reading.network.text;
    return refuse(
      `${quote(text)} is no NAT64 prefix`,
      'write an IPv6 network of length 32, 40, 48, 56, 64 or 96 (RFC 6052 section 2.2)',
    );
  },
  { examples: ['2001:db8:64::/96'] },
);

const coordinate = (most: number) => z.number().min(-most).max(most);

export const geoSchema = z
  .strictObject({
    directory: words.prefault('/var/lib/phi-egress/geoip').meta({
      description:
        'Every *.mmdb found here is used beside the embedded ones, and every range file of AWS, Azure, Google Cloud and Oracle (*.json, as published); a missing directory is empty',
    }),
    embedded: z.boolean().default(true).meta({ description: 'Use the databases that come with the program' }),
    overrides: z
      .array(placedNetworksSchema.meta({ description: "The operator's own word on where a network is" }))
      .default([]),
    weights: z
      .record(words, z.number().min(0).max(1))
      .default({})
      .meta({
        description: `How much a database's word on a country counts, 0 (listed only) to 1, by file name or database type. Without: 1; ${WEIGHTS_EXPLAINED}. The United States must be named by all; only its name by sources of little weight is outvoted`,
      }),
    nat64: z
      .array(nat64Prefix)
      .default([])
      .meta({ description: 'NAT64 prefixes of your own networks, beside the well-known 64:ff9b::/96' }),
    gateway: z
      .strictObject({ latitude: coordinate(90), longitude: coordinate(180) })
      .optional()
      .meta({
        description:
          'Where this gateway stands, in degrees. With it, a connection that was there faster than light could be refutes a country. Leave it out where anything but the far end answers connections',
      }),
    update: updateSchema.nullable().default(null),
    'stale-after': durationMs.nullable().default(null).meta({
      description: 'What is older clears nobody any more; null: nothing is too old, and age is reported after 45 days',
    }),
    resolve: resolverSchema
      .nullable()
      .default(null)
      .meta({ description: 'Resolve names where a log has no address: inferred, and marked as such; null: never' }),
    watch: watchSchema.nullable().default(null),
  })
  .meta({ description: 'Where addresses are' });

export type DeclaredGeo = z.output<typeof geoSchema>;

/** The part of `residency` that says where data may be. */
export const residencyKeys = {
  territories: z
    .record(name, z.array(countryCode).min(1))
    .default({})
    .meta({
      description: `Named sets of places, beside those built in: ${TERRITORIES.map((it) => it.name).join(', ')}`,
    }),
  default: words
    .prefault('us-and-territories')
    .meta({ description: 'The territory of whoever has no terms of their own' }),
  'us-military-abroad': z.boolean().default(true).meta({ description: 'A US military base abroad counts as US' }),
  concern: z
    .array(countryCode)
    .prefault(['CN', 'CU', 'IR', 'KP', 'RU', 'VE', 'HK', 'MO'])
    .meta({ description: 'Countries of concern (28 CFR Part 202): always critical' }),
};
