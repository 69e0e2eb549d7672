import * as z from 'zod';
import { words } from '../errors/field.ts';
import { dayEndMs } from '../time/fields.ts';
import { cidr, countryCode } from './fields.ts';

/** Somebody's word on where networks are, with the ground for it. */
export const placedNetworksSchema = z.strictObject({
  networks: z.array(cidr).min(1).meta({ description: 'CIDR' }),
  country: countryCode.meta({ description: 'ISO 3166-1 alpha-2' }),
  reason: words.meta({ description: 'How it is known; shown as evidence' }),
  expires: dayEndMs.optional().meta({ description: 'Last day on which it holds, UTC' }),
});

export type PlacedNetworks = z.output<typeof placedNetworksSchema>;
