import { openClient } from '../geo/updates/client.ts';
import { type Feed, PUBLISHERS } from '../geo/updates/feeds.ts';
import type { Outcome } from '../geo/updates/outcome.ts';
import { LIMITS } from '../geo/updates/refresh.ts';
import type { UpdateSettings } from '../geo/updates/settings.ts';
import { isOverdue, update } from '../geo/updates/update.ts';
import { SYSTEM_CLOCK } from '../sinks/clock.ts';

/**
 * Brings databases and ranges up to date, over the network where the settings name a publisher.
 *
 * @throws OperatorError `config.unreadable`, `config.secret-missing`; what becomes of a file is in its outcome.
 */
export async function updateGeo(
  settings: UpdateSettings,
  signal: AbortSignal,
  onAsking: (feed: Feed) => void = () => {},
): Promise<readonly Outcome[]> {
  const dispatcher = await openClient(settings.ca);
  const { nowMs, wait } = SYSTEM_CLOCK;
  try {
    const surroundings = { dispatcher, publishers: PUBLISHERS, limits: LIMITS, nowMs, wait, onAsking };
    return await update(settings, surroundings, signal);
  } finally {
    await dispatcher.destroy();
  }
}

/** See `isOverdue`: a new installation need not wait for its schedule. */
export function isGeoOverdue(settings: UpdateSettings): Promise<boolean> {
  return isOverdue(settings, PUBLISHERS, SYSTEM_CLOCK.nowMs());
}
