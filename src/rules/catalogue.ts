import { locationUndetermined } from './location-undetermined.ts';
import { phiOutsideTerritory } from './phi-outside-territory.ts';
import { phiToCountryOfConcern } from './phi-to-country-of-concern.ts';
import { phiToUnregisteredEndpoint } from './phi-to-unregistered-endpoint.ts';
import type { Rule } from './rule.ts';
import { vendorAccessFromOutside } from './vendor-access-from-outside.ts';

/** Every rule, the gravest first. */
export const RULES: readonly Rule[] = [
  phiToCountryOfConcern,
  phiOutsideTerritory,
  vendorAccessFromOutside,
  phiToUnregisteredEndpoint,
  locationUndetermined,
];
