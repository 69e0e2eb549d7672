import type { Transfer } from '../transfers/transfer.ts';
import type { Axis, Indicator } from './indicator.ts';
import { percentDecoded } from './percent.ts';
import type { PhiPattern } from './settings.ts';
import { MAX_EXAMINED, type Visible } from './visible.ts';

/**
 * The operator's own indicators. Their weight is how likely a match is PHI by itself, so that each axis gets its square
 * root: the product is the weight again.
 */
export function operatorIndicators(
  transfer: Transfer,
  visible: Visible,
  patterns: readonly PhiPattern[],
): readonly Indicator[] {
  return patterns.flatMap((pattern) =>
    textsOf(pattern.in, transfer, visible).some((text) => text.search(pattern.regex) !== -1)
      ? indicatorsOf(pattern)
      : [],
  );
}

function indicatorsOf({ name, in: place, weight }: PhiPattern): readonly Indicator[] {
  const onEachAxis = Math.min(Math.sqrt(weight), ALMOST_CERTAIN);
  return AXES.map((axis) => ({
    class: `pattern:${name}`,
    axis,
    weight: onEachAxis,
    seenIn: SEEN_IN[place],
    says: `the operator's pattern ${name}`,
  }));
}

const AXES: readonly Axis[] = ['identifier', 'health-context'];
/** Weights stay below 1. */
const ALMOST_CERTAIN = 0.9999;
const SEEN_IN = { url: 'url-path', path: 'path', file: 'file-name', contentType: 'content-type' } as const;

/** As logged and, where that differs, percent-decoded. */
function textsOf(place: PhiPattern['in'], { url, path }: Transfer, { paths, mediaType }: Visible): readonly string[] {
  switch (place) {
    case 'url':
      return bothForms(url);
    case 'path':
      return bothForms(path);
    case 'file':
      return paths.map(({ text, nameAt }) => text.slice(nameAt));
    case 'contentType':
      return mediaType === '' ? [] : [mediaType];
    default:
      return place satisfies never;
  }
}

function bothForms(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const examined = text.slice(0, MAX_EXAMINED);
  return examined.includes('%') ? [examined, percentDecoded(examined)] : [examined];
}
