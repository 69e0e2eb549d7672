/**
 * The number that stands in decimal digits, with a fraction or without: `3`, `0.004183`, `1.5e-05`.
 *
 * @returns NaN for anything else, and for what is negative or too long to be exact
 */
export function decimalOf(text: string): number {
  return text.length <= LONGEST && /^\d{1,15}(?:\.\d*)?(?:e-?\d{1,2})?$/i.test(text) ? Number(text) : Number.NaN;
}

const LONGEST = 40;
