import type { Settings } from '../config/settings.ts';
import { type Regrade, regrade } from '../evidence/regrade.ts';
import { type Locator, openLocator } from '../geo/locator.ts';
import type { Finding } from '../rules/finding.ts';
import { openStoreReader } from '../store/read-only.ts';

export interface Regraded {
  readonly finding: Finding;
  readonly regrade: Regrade;
}

/**
 * Holds every stored finding against the databases, overrides and terms that are there now. Reads only, beside a running
 * daemon too.
 *
 * @param visit is handed each finding, one after the other.
 * @throws OperatorError as `openStoreReader` and `openLocator` do.
 */
export async function regradeAll(
  { agent, geo, vendors, exceptions, residency }: Settings,
  visit: (regraded: Regraded) => Promise<void>,
): Promise<Locator> {
  const locator = await openLocator(geo);
  const store = openStoreReader(agent.state);
  const present = { locator, vendors: new Map(vendors.map((it) => [it.id, it])), exceptions, residency };
  try {
    for (const finding of store.queries.allFindings()) await visit({ finding, regrade: regrade(finding, present) });
  } finally {
    store.close();
  }
  return locator;
}
