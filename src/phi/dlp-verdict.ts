import type { Transfer } from '../transfers/transfer.ts';
import type { Indicator } from './indicator.ts';
import { weighed } from './weighed.ts';

/**
 * What the proxy's own data loss prevention found, which saw the content. `None` and `NA` are no verdict, and not a
 * clean one either. Of several engines one is enough; those that look for other things than patients do not count.
 */
export function dlpIndicators({ dlp }: Transfer): readonly Indicator[] {
  if (dlp === undefined) return [];
  const engines = dlp.engine
    .slice(0, MAX_LENGTH)
    .split(/[|,;]/)
    .map((it) => it.trim().toLowerCase());
  const hit = engines.some((it) => !NO_VERDICT.has(it) && !OTHER_CONCERNS.has(it));
  return hit ? weighed('dlp-verdict', 'dlp', 'verdict of the data loss prevention engine') : [];
}

const MAX_LENGTH = 1024;
const NO_VERDICT: ReadonlySet<string> = new Set(['', '-', 'none', 'na', 'n/a', 'null', 'no match', 'clean', 'false']);

/** Predefined engines of Zscaler and Netskope that look for card numbers, source code and conduct. */
const OTHER_CONCERNS: ReadonlySet<string> = new Set([
  ...['pci', 'pci-dss', 'payment card', 'glba', 'source code', 'offensive language', 'cyber bullying engine'],
  ...['self harm & cyber bullying', 'gambling', 'adult content'],
]);
