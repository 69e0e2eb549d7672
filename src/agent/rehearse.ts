import type { Settings } from '../config/settings.ts';
import type { RangeFileInfo } from '../geo/cloud-ranges/cloud-ranges.ts';
import type { DatabaseInfo } from '../geo/database.ts';
import { openLocator } from '../geo/locator.ts';
import { readCertificates } from '../geo/updates/client.ts';
import { settledFormatsOf } from '../store/read-only.ts';
import { type AwaitedPath, checkSources } from './check-sources.ts';
import { refuseUndetermined } from './settle-format.ts';

export interface Rehearsal {
  readonly awaited: readonly AwaitedPath[];
  readonly databases: readonly DatabaseInfo[];
  readonly ranges: readonly RangeFileInfo[];
}

/**
 * Opens what a run with these settings would open, and closes it again. Touches no state.
 *
 * @throws OperatorError for what would keep the run from starting.
 */
export async function rehearse(settings: Settings): Promise<Rehearsal> {
  const awaited = await checkSources(settings.sources);
  await refuseUndetermined(settings.sources, settledFormatsOf(settings.agent.state));
  const { databases, ranges } = await openLocator(settings.geo);
  const { ca } = settings.geo.update ?? {};
  if (ca !== undefined) await readCertificates(ca);
  return { awaited, databases, ranges };
}
