declare const checked: unique symbol;

/** ISO 3166-1 alpha-2, upper case. Only `country()` makes one, so whoever holds one need not check. */
export type Country = string & { readonly [checked]: 'country' };

/** @returns `undefined` for anything but two letters; `XX`, `ZZ` and other user-assigned codes mean "not told" in databases. */
export function country(text: string): Country | undefined {
  const code = text.toUpperCase();
  return /^[A-Z]{2}$/.test(code) && !USER_ASSIGNED.test(code) ? (code as Country) : undefined;
}

/** ISO 3166-1, "user-assigned code elements": AA, QM to QZ, XA to XZ, ZZ. XK (Kosovo) is in common use and kept. */
const USER_ASSIGNED = /^(?:AA|Q[M-Z]|X[A-JL-Z]|ZZ)$/;
