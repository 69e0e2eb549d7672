import { endpointsAfter, unseenEndpoints } from '../conditions/endpoint-facts.ts';
import type { EndpointFacts, Facts } from '../conditions/facts.ts';
import type { Settings } from '../config/settings.ts';
import { OperatorError } from '../errors/problem.ts';
import type { LiveLocator } from '../geo/live-locator.ts';
import { NameCache } from '../geo/names/name-cache.ts';
import { type OpenResolver, openResolver } from '../geo/names/resolver.ts';
import { REPORTED_AFTER_MS, type Stale, staleFiles } from '../geo/staleness.ts';
import type { Outcome } from '../geo/updates/outcome.ts';
import { type EndpointMoved, watchedDomains } from '../geo/watch/look.ts';
import { lookRound } from '../geo/watch/round.ts';
import type { EndpointSighting } from '../geo/watch/sighting.ts';
import type { Store } from '../store/store.ts';
import { isGeoOverdue, updateGeo } from './geo-update.ts';
import type { Logger } from './logger.ts';
import { Schedule } from './schedule.ts';

/** Whom the upkeep tells what it found. */
export interface UpkeepListener {
  /** At the start, every half day, and after updates: all files that are too old, which may be none. */
  readonly onStale: (stale: readonly Stale[]) => void;
  /** After each look at the vendors' domains. The sightings are to be stored: what is, is not told again. */
  readonly onLook: (sightings: readonly EndpointSighting[], moved: readonly EndpointMoved[]) => void;
}

/** Twice a day: a database grows old while nothing else happens. */
const STALENESS_SCHEDULE = '7 */12 * * *';
/** All agents of a house ask the same servers. */
const WATCH_JITTER_MS = 5 * 60_000;

/** Keeps what addresses are located by fresh, beside the daemon's own work: updates, age, names, vendors' domains. */
export class GeoUpkeep {
  /** What names answer; absent where they are not looked up. */
  readonly names: NameCache | undefined;
  readonly #settings: Settings;
  readonly #locator: LiveLocator;
  readonly #store: Store;
  readonly #logger: Logger;
  readonly #listener: UpkeepListener;
  readonly #resolvers: readonly OpenResolver[];
  readonly #look: ((signal: AbortSignal) => Promise<void>) | undefined;
  readonly #schedule: Schedule;
  #endpoints: readonly EndpointFacts[];
  readonly #stopping = new AbortController();
  /** What is done at the start, beside the daemon's work. */
  #begun: readonly Promise<void>[] = [];

  constructor(settings: Settings, locator: LiveLocator, store: Store, logger: Logger, listener: UpkeepListener) {
    this.#settings = settings;
    this.#locator = locator;
    this.#store = store;
    this.#logger = logger;
    this.#listener = listener;
    const { resolve, watch, update } = settings.geo;
    const forNames = resolve && openResolver(resolve, Date.now);
    const forWatch = watch && openResolver(watch, Date.now);
    this.#resolvers = [forNames, forWatch].filter((it) => it !== undefined);
    this.#endpoints = watch === undefined ? [] : unseenEndpoints(watchedDomains(settings.vendors));
    this.names = forNames && new NameCache(forNames.resolve, Date.now);
    this.#look = forWatch && ((signal) => this.#lookAround(forWatch, signal));
    this.#schedule = new Schedule(
      [
        { name: 'geo staleness', schedule: STALENESS_SCHEDULE, jitterMs: 0, work: async () => this.#reportStale() },
        ...(update?.schedule === undefined
          ? []
          : [{ name: 'geo update', schedule: update.schedule, jitterMs: update.jitterMs, work: this.#update }]),
        ...(watch === undefined || this.#look === undefined
          ? []
          : [{ name: 'endpoint watch', schedule: watch.schedule, jitterMs: WATCH_JITTER_MS, work: this.#look }]),
      ],
      logger,
    );
  }

  /**
   * Notes what is used from now on, and begins the schedules. Waits for nothing.
   *
   * @param once for a run that ends by itself: nothing is scheduled, and nobody's domains are watched.
   */
  start({ once }: { readonly once: boolean }): void {
    this.#noteEditions();
    this.#reportStale();
    for (const { name } of watchedDomains(this.#settings.vendors)) this.names?.find(name, Date.now());
    if (once) return;
    const { signal } = this.#stopping;
    this.#begun = [this.#updateIfOverdue(signal), this.#look?.(signal)].map((work) =>
      Promise.resolve(work).catch((error: unknown) => this.#failed(error, 'upkeep at the start')),
    );
    this.#schedule.start();
  }

  /** The databases and address ranges in use. */
  get files(): readonly { readonly name: string; readonly builtMs?: number }[] {
    const { databases, ranges } = this.#locator;
    return [...databases, ...ranges];
  }

  /** For the conditions to be judged by. */
  facts(nowMs: number): Pick<Facts, 'staleFiles' | 'endpoints'> {
    const { staleAfterMs } = this.#settings.geo;
    const { databases, ranges } = this.#locator;
    const files = staleAfterMs === undefined ? [] : staleFiles([...databases, ...ranges], staleAfterMs, nowMs);
    return { staleFiles: files, endpoints: this.#endpoints };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const { close } of this.#resolvers) close();
    await this.#schedule.stop();
    await Promise.all(this.#begun);
  }

  async #updateIfOverdue(signal: AbortSignal): Promise<void> {
    const { update } = this.#settings.geo;
    if (update?.schedule !== undefined && (await isGeoOverdue(update))) await this.#update(signal);
  }

  readonly #update = async (signal: AbortSignal): Promise<void> => {
    const { update } = this.#settings.geo;
    if (update === undefined) return;
    try {
      const outcomes = await updateGeo(update, signal);
      try {
        if (outcomes.some(({ kind }) => kind === 'updated')) await this.#takeUp();
      } finally {
        for (const outcome of outcomes) this.#report(outcome);
      }
    } catch (error) {
      if (!signal.aborted) this.#failed(error, 'geo update');
    }
  };

  async #takeUp(): Promise<void> {
    await this.#locator.reload();
    this.#noteEditions();
    this.#reportStale();
  }

  async #lookAround({ resolve }: OpenResolver, signal: AbortSignal): Promise<void> {
    const { vendors, exceptions, residency } = this.#settings;
    const terms = { locator: this.#locator, exceptions, residency };
    const remembered = this.#store.queries.sightings();
    const keep = this.names;
    const { sightings, moved, silent } = await lookRound(
      watchedDomains(vendors),
      remembered,
      terms,
      resolve,
      signal,
      (name, resolution) => keep?.remember(name, resolution),
    );
    for (const it of silent) this.#logger.warn(it, "a vendor's domain tells no address");
    this.#listener.onLook(sightings, moved);
    this.#endpoints = endpointsAfter(this.#endpoints, sightings, Date.now());
  }

  #noteEditions(): void {
    const { databases, ranges } = this.#locator;
    const geoEditions = [...databases, ...ranges].map(({ sha256, name, edition, builtMs }) => ({
      sha256,
      name,
      edition,
      ...(builtMs !== undefined && { built: new Date(builtMs).toISOString() }),
    }));
    try {
      this.#store.commit({ geoEditions });
    } catch (error) {
      // Every finding names its editions itself; the list is noted at the next start.
      this.#failed(error, 'list of editions');
    }
  }

  #reportStale(): void {
    const { databases, ranges } = this.#locator;
    const afterMs = this.#settings.geo.staleAfterMs ?? REPORTED_AFTER_MS;
    this.#listener.onStale(staleFiles([...databases, ...ranges], afterMs, Date.now()));
  }

  #report(outcome: Outcome): void {
    const { name, from, kind } = outcome;
    if (kind === 'failed') {
      const { because, todo } = outcome;
      this.#logger.error({ feed: name, from, because, todo }, 'a geo file could not be updated; the one in use stays');
    } else {
      const { edition, sha256 } = outcome.facts;
      this.#logger.info(
        { feed: name, from, edition, sha256 },
        kind === 'updated' ? 'a geo file was updated' : 'a geo file is up to date',
      );
    }
  }

  /** What an operator can mend is told whole; of the rest, no more than its name. */
  #failed(error: unknown, task: string): void {
    if (this.#stopping.signal.aborted) return;
    const because =
      error instanceof OperatorError ? error.message : error instanceof Error ? error.name : 'unknown error';
    this.#logger.error({ task, because }, 'geo upkeep failed; what is in use stays');
  }
}
