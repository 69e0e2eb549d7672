import type { BlindSpot, Format } from '../format.ts';
import type { LogRecord } from '../record.ts';
import { TOLD, type WebKey } from './web-keys.ts';

/** What a format has, as far as that decides what it tells: its fields, and whether one of them is a time. */
export interface WebContents {
  readonly keys: ReadonlySet<WebKey>;
  readonly tellsTime: boolean;
}

/** Which keys of a LogRecord lines of these contents give. The client stands in each; anything else may be `-`. */
export function webTells(variants: readonly WebContents[]): Format['tells'] {
  const always: readonly (keyof LogRecord)[] = variants.every(({ keys }) => keys.has('client')) ? ['client'] : [];
  const told = variants.flatMap(({ keys }) => [...keys].flatMap((key) => TOLD[key]));
  return Object.fromEntries([
    ['kind', 'always'],
    ['timeMs', 'always'],
    ...told.map((key) => [key, 'sometimes']),
    ...always.map((key) => [key, 'always']),
  ]);
}

/** How a product is made to log more, and what nothing makes it log. */
export interface WebRemedies {
  /** The lines that log all that the product can. */
  readonly recommended: NonNullable<BlindSpot['remedy']>;
  /** Fields that the product cannot log, whatever its configuration. */
  readonly never?: readonly WebKey[];
  /** What no configuration shows. */
  readonly always: readonly BlindSpot[];
}

/** What lines of these contents cannot show. A format with several kinds of lines has the blind spots of each. */
export function webBlindSpots(
  variants: readonly WebContents[],
  { recommended, never = [], always }: WebRemedies,
): readonly BlindSpot[] {
  const lacks = (keys: readonly WebKey[]) => variants.some((variant) => keys.every((key) => !variant.keys.has(key)));
  const spots = SPOTS.filter(({ keys }) => lacks(keys) && !keys.every((key) => never.includes(key)));
  const timeless = variants.some(({ tellsTime }) => !tellsTime) ? [TIMELESS] : [];
  const mended = [...timeless, ...spots].map(({ missing, consequence }) => ({
    missing,
    consequence,
    remedy: recommended,
  }));
  return [...mended, ...always];
}

const TIMELESS = {
  missing: 'the time of a line, unless syslog puts it there',
  consequence: 'lines without a syslog header cannot be read',
};

/** A spot is blind where none of its keys is logged. */
const SPOTS: readonly { readonly keys: readonly WebKey[]; readonly missing: string; readonly consequence: string }[] = [
  {
    keys: ['client', 'client-chain'],
    missing: 'the address of the client',
    consequence: 'what a client took cannot be located: no download can be judged',
  },
  {
    keys: ['request', 'method'],
    missing: 'the method of a request, and so whether it sent or fetched anything',
    consequence: 'no transfer can be found in such lines',
  },
  {
    keys: ['bytes-from-client', 'body-from-client', 'bytes-to-server'],
    missing: 'the bytes that a client sent',
    consequence:
      'an upload is seen, its size is not: volume rules cannot fire, and the size of the reply is not its size',
  },
  {
    keys: ['bytes-to-client', 'body-to-client', 'clf-body-to-client'],
    missing: 'the bytes that a client received',
    consequence: 'a download is not seen at all',
  },
  {
    keys: ['server'],
    missing: 'the address of the server behind',
    consequence: 'where requests are forwarded to servers of others, these cannot be located',
  },
  {
    keys: ['request-type'],
    missing: 'the media type of what a client sent',
    consequence: 'an upload is judged by the type of the reply, its URL and its receiver',
  },
];
