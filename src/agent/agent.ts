import type { BookChanges } from '../alerts/book.ts';
import { closeQuiet, settle } from '../alerts/life.ts';
import type { Settings } from '../config/settings.ts';
import { configurationChange } from '../evidence/ledger.ts';
import { openLocator } from '../geo/locator.ts';
import { createMasker } from '../phi/masking.ts';
import { SYSTEM_CLOCK } from '../sinks/clock.ts';
import { OutboxDispatcher } from '../sinks/outbox.ts';
import { createSink } from '../sinks/sink.ts';
import type { TerminalStream } from '../sinks/transports/terminal.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import type { StatusCounts } from '../store/queries.ts';
import { openStore, type Store } from '../store/store.ts';
import { checkSources } from './check-sources.ts';
import { FollowedSource } from './followed-source.ts';
import type { Logger } from './logger.ts';
import { Memory, toStore } from './memory.ts';
import { causeOf, reportSinkEvent, reportSourceEvent } from './report.ts';
import { SessionSeal } from './sealed-sessions.ts';
import { describeSettlement, refuseUndetermined } from './settle-format.ts';
import { stagesFrom } from './stages.ts';
import { programVersion } from './version.ts';

export interface AgentOptions {
  readonly logger: Logger;
  /** Where terminal sinks write. */
  readonly output: TerminalStream;
}

export interface RunOptions {
  /** End when every source is read to its end and every alert is delivered. */
  readonly untilIdle: boolean;
  /** Aborting it stops the run in order. */
  readonly signal: AbortSignal;
}

/** Between two looks at logs that had nothing new. With the time to judge and store, well within a second. */
const POLL_MS = 200;
/** Findings that no sink was told of wait no longer than this. */
const UNTOLD_MS = 5 * 60_000;
/** Between two looks for alerts that have something left to tell, or fell quiet. */
const TEND_MS = 10_000;
/** How long deliveries may go on after the sources have stopped. */
const GRACE_MS = 3_000;
/** Waits before a batch that could not be stored is read again; the last one holds for all further failures. */
const RETRY_MS: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** A run that ends when idle gives up after so many failures in a row; the daemon never does. */
const MOST_FAILURES = 5;

/** The daemon: pulls lines from the sources, judges them, stores each batch in one transaction, has alerts delivered. */
export class Agent {
  readonly #settings: Settings;
  readonly #logger: Logger;
  readonly #store: Store;
  readonly #sources: readonly FollowedSource[];
  readonly #dispatcher: OutboxDispatcher;
  readonly #seal: SessionSeal;
  #memory: Memory;
  #toldMs = 0;
  /** What was last said about a source whose format is open. */
  readonly #doubts = new Map<string, string>();
  #closedMs = 0;

  private constructor(
    settings: Settings,
    store: Store,
    state: StoredState,
    sources: readonly FollowedSource[],
    options: AgentOptions,
  ) {
    const { logger, output } = options;
    this.#settings = settings;
    this.#logger = logger;
    this.#store = store;
    this.#sources = sources;
    this.#seal = new SessionSeal(store.maskingKey);
    this.#memory = new Memory(state, this.#seal);
    this.#dispatcher = new OutboxDispatcher(
      store.outbox,
      settings.sinks.map((it) => createSink(it, output)),
      { clock: SYSTEM_CLOCK, random: Math.random, report: (event) => reportSinkEvent(logger, event) },
    );
  }

  /**
   * Opens everything, or nothing.
   *
   * @throws OperatorError for what the operator can mend: an unreadable log, a missing database, a state in use.
   */
  static async open(settings: Settings, options: AgentOptions): Promise<Agent> {
    const { logger } = options;
    for (const awaited of await checkSources(settings.sources)) logger.info(awaited, 'waiting for a log');
    const locator = await openLocator(settings.geo);
    const store = openStore(settings.agent.state, Date.now);
    try {
      const state = store.loadState();
      await refuseUndetermined(settings.sources, state.formats);
      const stagesOf = stagesFrom(settings, locator, createMasker(store.maskingKey));
      const sources = settings.sources.map((source) => new FollowedSource(source, stagesOf, state));
      const agent = new Agent(settings, store, state, sources, options);
      const change = configurationChange(state.configuration, settings.sha256, programVersion());
      if (change !== undefined) store.commit({ ledger: agent.#memory.record([change]) });
      logger.info(
        { version: programVersion(), configuration: settings.sha256, databases: locator.databases },
        'started',
      );
      return agent;
    } catch (error) {
      store.close();
      throw error;
    }
  }

  /** Counts as they are stored. */
  status(): StatusCounts {
    return this.#store.queries.statusCounts();
  }

  /** Runs once, and closes what was opened. In order: sources stop, lines in hand are stored, sinks get their grace. */
  async run({ untilIdle, signal }: RunOptions): Promise<void> {
    this.#dispatcher.start();
    try {
      await this.#follow(untilIdle, signal);
      if (untilIdle && !signal.aborted) {
        this.#commitChanges(settle(this.#memory.book, Date.now(), 0));
        await this.#dispatcher.drain(signal);
      } else {
        await this.#drainWithin(GRACE_MS);
      }
    } finally {
      for (const source of this.#sources) await source.close();
      await this.#dispatcher.stop();
      this.#store.close();
      this.#logger.info('stopped');
    }
  }

  async #follow(untilIdle: boolean, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (failures > 0) await this.#startOver();
        const idle = await this.#readAll(untilIdle, signal);
        this.#tellRest();
        if (idle) this.#closeQuiet();
        failures = 0;
        if (idle && untilIdle) return;
        if (idle) await SYSTEM_CLOCK.wait(POLL_MS, signal);
      } catch (error) {
        failures += 1;
        if (untilIdle && failures >= MOST_FAILURES) throw error;
        const waitMs = RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? 0;
        this.#logger.error(
          { because: causeOf(error), failures, waitMs },
          'a batch could not be stored and is read again',
        );
        await SYSTEM_CLOCK.wait(waitMs, signal);
      }
    }
  }

  /** @returns true when no source had anything more. */
  async #readAll(untilIdle: boolean, signal: AbortSignal): Promise<boolean> {
    let idle = true;
    for (const source of this.#sources) {
      if (signal.aborted) return false;
      const batch = await source.read(untilIdle);
      for (const event of batch.events) reportSourceEvent(this.#logger, event);
      this.#reportDoubt(source);
      const inspected = source.inspect(batch, this.#memory);
      if (inspected !== undefined) {
        const fresh = this.#store.unseen(inspected.findings);
        const context = { settings: this.#settings.alerts, gateway: this.#settings.agent.name, nowMs: Date.now() };
        this.#commit({ ...inspected.toStore, ...this.#memory.absorb(fresh, context, this.#settings.sinks) });
        source.committed();
      }
      if (!batch.idle) idle = false;
    }
    return idle;
  }

  /** Once, and again when it changes. */
  #reportDoubt({ name, doubt }: FollowedSource): void {
    const because = doubt === undefined ? undefined : describeSettlement(doubt);
    if (because === this.#doubts.get(name)) return;
    if (because === undefined) this.#doubts.delete(name);
    else {
      this.#doubts.set(name, because);
      this.#logger.error({ source: name, because }, 'the format of a source cannot be told, its lines wait: name it');
    }
  }

  /** Tells what was held back for long. */
  #tellRest(): void {
    const nowMs = Date.now();
    if (Math.abs(nowMs - this.#toldMs) < TEND_MS) return;
    this.#toldMs = nowMs;
    this.#commitChanges(settle(this.#memory.book, nowMs, UNTOLD_MS));
  }

  /** Only once all is read: after a standstill, what an alert waits for may be further on in the logs. */
  #closeQuiet(): void {
    const nowMs = Date.now();
    if (Math.abs(nowMs - this.#closedMs) < TEND_MS) return;
    this.#closedMs = nowMs;
    this.#commitChanges(closeQuiet(this.#memory.book, this.#settings.alerts, nowMs));
  }

  #commitChanges(changes: BookChanges): void {
    if (changes.alerts.length > 0) this.#commit(toStore(changes, this.#settings.sinks));
  }

  #commit(batch: CommitBatch): void {
    this.#store.commit(batch);
    if (batch.outbox !== undefined && batch.outbox.length > 0) this.#dispatcher.wake();
  }

  /** Nothing of the failed batch was stored, so going on from the store loses nothing and doubles nothing. */
  async #startOver(): Promise<void> {
    const state = this.#store.loadState();
    this.#memory = new Memory(state, this.#seal);
    for (const source of this.#sources) await source.restart(state);
  }

  async #drainWithin(ms: number): Promise<void> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ms);
    await this.#dispatcher.drain(patience.signal).finally(() => clearTimeout(timer));
  }
}
