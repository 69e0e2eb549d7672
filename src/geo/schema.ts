import * as z from 'zod';
import { name, words } from '../errors/field.ts';
import { cidr, countryCode } from '../net/fields.ts';
import { dayEndMs, durationMs } from '../time/fields.ts';
import { resolverSchema } from './names/schema.ts';
import { TERRITORIES } from './territories.ts';
import { updateSchema } from './updates/schema.ts';
import { watchSchema } from './watch/schema.ts';

const overrideSchema = z
  .strictObject({
    networks: z.array(cidr).min(1).meta({ description: 'CIDR' }),
    country: countryCode.meta({ description: 'ISO 3166-1 alpha-2' }),
    reason: words.meta({ description: 'How it is known; shown as evidence' }),
    expires: dayEndMs.optional().meta({ description: 'Last day on which it holds, UTC' }),
  })
  .meta({ description: "The operator's own word on where a network is" });

export const geoSchema = z
  .strictObject({
    directory: words
      .prefault('/var/lib/phi-egress/geoip')
      .meta({ description: 'Every *.mmdb found here is used beside the embedded ones; a missing directory is empty' }),
    embedded: z.boolean().default(true).meta({ description: 'Use the databases that come with the program' }),
    overrides: z.array(overrideSchema).default([]),
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

export type DeclaredOverride = z.output<typeof overrideSchema>;
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
