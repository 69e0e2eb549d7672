import { type Locator, openLocator } from './locator.ts';
import type { GeoSettings } from './settings.ts';

/** A locator whose data can be renewed while others ask it. Whoever holds it need not know. */
export interface LiveLocator extends Locator {
  /**
   * Opens what is there now, beside what is in use, and then puts it in its place at once: every answer comes wholly
   * from the old data or wholly from the new. It gives way while it works. Of calls that overlap, each takes effect in
   * the order in which they were made.
   *
   * @param settings new ones; else those in use.
   * @throws OperatorError as `openLocator`; then the old data stay in use.
   */
  readonly reload: (settings?: GeoSettings) => Promise<void>;
}

/** @throws OperatorError as `openLocator` */
export async function openLiveLocator(settings: GeoSettings): Promise<LiveLocator> {
  let inUse = { settings, locator: await openLocator(settings) };
  let last: Promise<void> = Promise.resolve();
  return {
    locate: (ip, atMs, sighting) => inUse.locator.locate(ip, atMs, sighting),
    get databases() {
      return inUse.locator.databases;
    },
    get ranges() {
      return inUse.locator.ranges;
    },
    reload(next) {
      const reloaded = last.then(async () => {
        const renewed = next ?? inUse.settings;
        inUse = { settings: renewed, locator: await openLocator(renewed) };
      });
      last = reloaded.catch(() => {});
      return reloaded;
    },
  };
}
