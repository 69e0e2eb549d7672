import { COUNTRY_CODES } from './country-codes.ts';

declare const checked: unique symbol;

/** ISO 3166-1 alpha-2, upper case. Only `country()` makes one, so whoever holds one need not check. */
export type Country = string & { readonly [checked]: 'country' };

/**
 * Reads a code that ISO 3166-1 assigns, in any case, or XK (Kosovo), which is in common use.
 *
 * @returns `undefined` for all others. Databases write `ZZ`, `XX` or `-` for "not told" and `EU` or `AP` for a region;
 * people write `UK` for GB. None of them names a country that a territory could hold.
 */
export function country(text: string): Country | undefined {
  const code = text.toUpperCase();
  return COUNTRY_CODES.has(code) ? (code as Country) : undefined;
}
