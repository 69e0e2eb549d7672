import { randomBytes } from 'node:crypto';
import { type BookChanges, isEgress, type TrackedAlert } from '../alerts/book.ts';
import { holdAgainst, type OpenConditions, openConditions, revised } from '../alerts/conditions.ts';
import { closeQuiet, tellAllHeldBack, tellDue } from '../alerts/life.ts';
import { evaluate } from '../conditions/evaluate.ts';
import type { HttpListen } from '../config/http-listen.ts';
import type { Settings } from '../config/settings.ts';
import { configurationChange } from '../evidence/ledger.ts';
import { openLiveLocator } from '../geo/live-locator.ts';
import { createMasker } from '../phi/masking.ts';
import { SYSTEM_CLOCK } from '../sinks/clock.ts';
import { OutboxDispatcher, type SinkEvent } from '../sinks/outbox.ts';
import { createSink } from '../sinks/sink.ts';
import type { TerminalStream } from '../sinks/transports/terminal.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import type { OutboxDepth, StatusCounts } from '../store/queries.ts';
import type { Store } from '../store/store.ts';
import { checkSources } from './check-sources.ts';
import { type AgentClock, SYSTEM_CLOCKS } from './clock.ts';
import { FollowedSource } from './followed-source.ts';
import type { Standing } from './gauges.ts';
import { GeoUpkeep } from './geo-upkeep.ts';
import { beat } from './heart.ts';
import { HttpEndpoint } from './http-endpoint.ts';
import { httpRoutes } from './http-routes.ts';
import { KnownAnswer } from './known-answer.ts';
import { KNOWN_ANSWER_OVERRIDE } from './known-answer-line.ts';
import type { Logger } from './logger.ts';
import { Memory, toStore } from './memory.ts';
import { mendState } from './mend-state.ts';
import { Metrics } from './metrics.ts';
import { openSources } from './open-sources.ts';
import { beginningsAfter, openState } from './open-state.ts';
import { type ReadinessFacts, readinessOf } from './readiness.ts';
import { causeOf, reportGeo, reportSinkEvent, reportSourceEvent } from './report.ts';
import { Schedule } from './schedule.ts';
import { SessionSeal } from './sealed-sessions.ts';
import { describeSettlement, refuseUndetermined } from './settle-format.ts';
import { sinkFacts } from './sink-facts.ts';
import { stagesFrom } from './stages.ts';
import { takeUpHandling } from './take-up-handling.ts';
import { programVersion } from './version.ts';
import { Watch } from './watch.ts';

export interface AgentOptions {
  readonly logger: Logger;
  /** Where terminal sinks write. */
  readonly output: TerminalStream;
  /** By which the agent watches itself; the machine's own unless a test holds them. */
  readonly clock?: AgentClock;
}

export interface RunOptions {
  /** End when every source is read to its end and every alert is delivered. */
  readonly untilIdle: boolean;
  /** Aborting it stops the run in order. */
  readonly signal: AbortSignal;
}

/** Between two looks at logs that had nothing new. With the time to judge and store, well within a second. */
const POLL_MS = 200;
/** And after a look that brought lines, for they come in company ... */
const BUSY_POLL_MS = 50;
/** ... but a rest is so many times as long as the look was: very many logs are not to take more than a quarter of a core. */
const REST_PER_LOOK = 3;
/** Between two looks for alerts that have something left to tell, or fell quiet. */
const TEND_MS = 10_000;
/** Coverage older than this is kept coarser. */
const EXACT_COVERAGE_MS = 7 * 24 * 60 * 60_000;
/** Between two such clearances. */
const COARSEN_MS = 24 * 60 * 60_000;
/** Between two looks at what is wrong with the watch. */
const JUDGE_MS = 1_000;
/** How long deliveries may go on after the sources have stopped. */
const GRACE_MS = 3_000;
/** How long sources that would lose what they hold are read on, once they take nothing new. */
const SOURCE_GRACE_MS = 5_000;
/** Waits before a batch that could not be stored is read again; the last one holds for all further failures. */
const RETRY_MS: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** A run that ends when idle gives up after so many failures in a row; the daemon never does. */
const MOST_FAILURES = 5;

/** What a look at all sources came to. */
interface Look {
  /** Each was read to its end. */
  readonly idle: boolean;
  readonly hasLines: boolean;
}

/** The daemon: pulls lines from the sources, judges them, stores each batch in one transaction, has alerts delivered. */
export class Agent {
  readonly #settings: Settings;
  readonly #logger: Logger;
  readonly #store: Store;
  readonly #sources: readonly FollowedSource[];
  readonly #dispatcher: OutboxDispatcher;
  readonly #upkeep: GeoUpkeep;
  /** Absent: nobody asked for it. */
  readonly #knownAnswer: KnownAnswer | undefined;
  readonly #schedule: Schedule;
  readonly #seal: SessionSeal;
  readonly #clock: AgentClock;
  readonly #watch: Watch;
  readonly #metrics: Metrics;
  /** Absent: nobody is to ask. */
  readonly #endpoint: HttpEndpoint | undefined;
  /** Of this process, whatever is installed meanwhile. */
  readonly #version = programVersion();
  #phase: ReadinessFacts['phase'] = 'starting';
  /** Why the last batch could not be stored. */
  #storeTrouble: string | undefined;
  #memory: Memory;
  #conditions: OpenConditions;
  #coarsenedMs = Number.NEGATIVE_INFINITY;
  #judgedMs = Number.NEGATIVE_INFINITY;
  #beatenMs = Number.NEGATIVE_INFINITY;
  /** What is remembered came in part from a batch that could not be stored. */
  #isAhead = false;
  #toldMs = 0;
  /** What was last said about a source whose format is open. */
  readonly #doubts = new Map<string, string>();
  #closedMs = 0;

  private constructor(
    settings: Settings,
    store: Store,
    state: StoredState,
    sources: readonly FollowedSource[],
    upkeep: GeoUpkeep,
    knownAnswer: KnownAnswer | undefined,
    options: AgentOptions,
  ) {
    const { logger, output, clock = SYSTEM_CLOCKS } = options;
    this.#settings = settings;
    this.#logger = logger;
    this.#store = store;
    this.#sources = sources;
    this.#upkeep = upkeep;
    this.#knownAnswer = knownAnswer;
    const { knownAnswer: schedule } = settings.alerts;
    this.#schedule = new Schedule(
      schedule === undefined || knownAnswer === undefined
        ? []
        : [{ name: 'known-answer test', schedule, jitterMs: 0, work: () => knownAnswer.ask(clock.read()) }],
      logger,
    );
    this.#seal = new SessionSeal(store.maskingKey);
    this.#memory = new Memory(state, this.#seal);
    this.#clock = clock;
    this.#watch = new Watch(settings.sources, settings.alerts.closeAfterMs, store, clock);
    this.#conditions = openConditions(state.conditions);
    this.#metrics = new Metrics(
      settings.sources.map(({ name }) => name),
      settings.sinks.map(({ name }) => name),
    );
    const { http } = settings.agent;
    this.#endpoint =
      http &&
      new HttpEndpoint(
        http,
        httpRoutes(this.#metrics, () => this.#standing()),
        logger,
      );
    this.#dispatcher = new OutboxDispatcher(
      store.outbox,
      settings.sinks.map((it) => createSink(it, { output, version: this.#version })),
      {
        clock: SYSTEM_CLOCK,
        random: Math.random,
        report: (event) => this.#sinkEvent(event),
      },
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
    const isTested = settings.alerts.knownAnswer !== undefined;
    const overrides = [...settings.geo.overrides, ...(isTested ? [KNOWN_ANSWER_OVERRIDE] : [])];
    const locator = await openLiveLocator({ ...settings.geo, overrides });
    for (const { name, unplaced } of locator.ranges)
      if (unplaced.length > 0) logger.warn({ file: name, regions: unplaced }, 'cloud regions that are not known');
    const store = openState(settings, logger);
    let sources: readonly FollowedSource[] = [];
    try {
      const seal = new SessionSeal(store.maskingKey);
      const beginnings = new Map([
        ...beginningsAfter(store),
        ...(await mendState(store, settings, seal, logger, Date.now())),
      ]);
      const state = store.loadState();
      await refuseUndetermined(settings.sources, state.formats);
      const upkeep = new GeoUpkeep(settings, locator, store, logger, reportGeo(logger, store));
      const masker = createMasker(store.maskingKey);
      const stagesOf = stagesFrom(settings, locator, masker, upkeep.names);
      sources = settings.sources.map((source) => {
        const start = beginnings.get(source.name);
        const begun = start !== undefined && 'start' in source ? { ...source, start } : source;
        return new FollowedSource(begun, stagesOf, state);
      });
      await openSources(sources, settings.sources);
      const knownAnswer = isTested ? new KnownAnswer(settings, store, state, locator, masker) : undefined;
      const agent = new Agent(settings, store, state, sources, upkeep, knownAnswer, options);
      const change = configurationChange(state.configuration, settings.sha256, programVersion());
      if (change !== undefined) store.commit({ ledger: agent.#memory.record([change]) });
      logger.info(
        {
          version: programVersion(),
          configuration: settings.sha256,
          databases: locator.databases,
          ranges: locator.ranges,
        },
        'started',
      );
      return agent;
    } catch (error) {
      for (const source of sources) await source.close();
      store.close();
      throw error;
    }
  }

  /** Counts as they are stored. */
  status(): StatusCounts {
    return this.#store.queries.statusCounts();
  }

  /** Where health and metrics are served at the moment. */
  get http(): HttpListen | undefined {
    return this.#endpoint?.address;
  }

  /** Runs once, and closes what was opened. In order: sources stop, lines in hand are stored, sinks get their grace. */
  async run({ untilIdle, signal }: RunOptions): Promise<void> {
    this.#dispatcher.start();
    try {
      this.#upkeep.start({ once: untilIdle });
      // Of a run that ends by itself its exit code tells.
      if (!untilIdle) this.#endpoint?.start();
      if (!untilIdle) await this.#beginTests();
      await this.#follow(untilIdle, signal);
      this.#phase = 'stopping';
      await this.#drainSources();
      this.#endWatch();
      if (untilIdle && !signal.aborted) {
        this.#commitChanges(tellAllHeldBack(this.#memory.book, Date.now()));
        await this.#dispatcher.drain(signal);
      } else {
        await this.#drainWithin(GRACE_MS);
      }
    } finally {
      await this.#schedule.stop();
      for (const source of this.#sources) await source.close();
      await this.#knownAnswer?.source.close();
      await this.#dispatcher.stop();
      await this.#upkeep.stop();
      await this.#endpoint?.stop();
      this.#store.close();
      this.#logger.info('stopped');
    }
  }

  async #follow(untilIdle: boolean, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (this.#isAhead) await this.#startOver();
        const beganMs = performance.now();
        const { idle, hasLines } = await this.#readAll(this.#sources, untilIdle, signal);
        const lookMs = performance.now() - beganMs;
        await this.#readKnownAnswer();
        this.#judgeWatch();
        this.#takeUpHandling();
        this.#tellRest();
        // Dead letters that an operator sends again.
        if (this.#store.wasChangedByOthers()) this.#dispatcher.wake();
        if (idle) this.#closeQuiet();
        if (!untilIdle) this.#beatWhenDue();
        failures = 0;
        this.#phase = 'running';
        this.#storeTrouble = undefined;
        if (idle && untilIdle) return;
        if (idle) await SYSTEM_CLOCK.wait(restMs(hasLines, lookMs), signal);
      } catch (error) {
        failures += 1;
        this.#isAhead = true;
        this.#storeTrouble = causeOf(error);
        this.#metrics.storeFailed();
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

  /** What a sender believes to be delivered is stored before its connection is closed. */
  async #drainSources(): Promise<void> {
    const drained = this.#sources.filter((it) => it.drain());
    if (drained.length === 0) return;
    const deadlineMs = performance.now() + SOURCE_GRACE_MS;
    const { signal } = new AbortController();
    let idle = false;
    try {
      if (this.#isAhead) await this.#startOver();
      while (!idle && performance.now() < deadlineMs) ({ idle } = await this.#readAll(drained, false, signal));
    } catch (error) {
      this.#logger.error({ because: causeOf(error) }, 'what the sources held at the end could not be stored');
      return;
    }
    if (!idle)
      this.#logger.error(
        { graceMs: SOURCE_GRACE_MS },
        'senders went on sending after they were asked to stop; what was on its way is lost',
      );
  }

  /** @returns true when none of these had anything more. */
  async #readAll(sources: readonly FollowedSource[], untilIdle: boolean, signal: AbortSignal): Promise<Look> {
    let idle = true;
    let hasLines = false;
    this.#watch.lookAtClock();
    for (const source of sources) {
      if (signal.aborted) return { idle: false, hasLines };
      const batch = await source.read(untilIdle);
      if (batch.lines.length > 0) hasLines = true;
      for (const event of batch.events) reportSourceEvent(this.#logger, event);
      this.#reportDoubt(source);
      const inHandMs = performance.now();
      const inspected = source.inspect(batch, this.#memory);
      this.#watch.observed(source.name, batch, inspected);
      const coverage = this.#watch.changes({ now: inspected !== undefined });
      if (inspected !== undefined) {
        const fresh = this.#store.unseen(inspected.findings);
        const context = { settings: this.#settings.alerts, gateway: this.#settings.agent.name, nowMs: Date.now() };
        const absorbed = this.#memory.absorb(fresh, context, this.#settings.sinks);
        this.#commit({ ...inspected.toStore, ...absorbed, ...coverage });
        source.committed();
        this.#metrics.batchStored({
          counts: inspected.counts,
          bytes: batch.lines.reduce((sum, { place }) => sum + place.bytes, 0),
          durationMs: performance.now() - inHandMs,
          stored: absorbed,
        });
      } else if (coverage !== undefined) this.#commit(coverage);
      if (coverage !== undefined) this.#coverageStored();
      if (!batch.idle) idle = false;
    }
    return { idle, hasLines };
  }

  /** Tells what is wrong with the watch itself, and what no longer is. */
  #judgeWatch(): void {
    const { wallMs, steadyMs } = this.#clock.read();
    if (steadyMs - this.#judgedMs < JUDGE_MS) return;
    this.#judgedMs = steadyMs;
    if (steadyMs - this.#coarsenedMs >= COARSEN_MS) {
      this.#coarsenedMs = steadyMs;
      this.#store.coarsenCoverage(wallMs - EXACT_COVERAGE_MS);
    }
    const facts = {
      ...this.#watch.facts(),
      ...this.#upkeep.facts(wallMs),
      sinks: sinkFacts(this.#dispatcher.health(), this.#store.refusedBySink()),
      ...this.#knownAnswer?.look({ wallMs, steadyMs }),
    };
    const { open, changes } = holdAgainst(this.#conditions, evaluate(facts, this.#settings.conditions), {
      gateway: this.#settings.agent.name,
      nowMs: wallMs,
      ledger: this.#memory.ledgerHead,
      newId: () => `a-${randomBytes(12).toString('hex')}`,
    });
    this.#commitChanges(changes);
    this.#metrics.conditionsTold(changes.notices);
    this.#conditions = open;
  }

  /** The first at once, for what was changed before a start is what may have broken something. */
  async #beginTests(): Promise<void> {
    try {
      await this.#knownAnswer?.ask(this.#clock.read());
    } catch (error) {
      this.#logger.error({ because: causeOf(error) }, 'the line of the known-answer test could not be written');
    }
    this.#schedule.start();
  }

  async #readKnownAnswer(): Promise<void> {
    const batch = await this.#knownAnswer?.read(this.#memory, Date.now());
    if (batch === undefined) return;
    this.#commit(batch);
    this.#knownAnswer?.source.committed();
  }

  /** At the start, and from then on as often as is asked for. */
  #beatWhenDue(): void {
    const { heartbeatMs } = this.#settings.alerts;
    const { wallMs, steadyMs } = this.#clock.read();
    if (heartbeatMs === undefined || steadyMs - this.#beatenMs < heartbeatMs) return;
    const { sources } = this.#watch.facts();
    this.#commit(beat(this.#settings, this.#store, { nowMs: wallMs, ledger: this.#memory.ledgerHead, sources }));
    this.#beatenMs = steadyMs;
  }

  /** The last word on how far the sources were watched, and on what is wrong. */
  #endWatch(): void {
    try {
      const coverage = this.#watch.changes({ now: true });
      if (coverage !== undefined) this.#commit(coverage);
      this.#coverageStored();
      this.#judgedMs = Number.NEGATIVE_INFINITY;
      this.#judgeWatch();
    } catch (error) {
      this.#logger.error({ because: causeOf(error) }, 'the end of the watch could not be stored');
    }
  }

  #sinkEvent(event: SinkEvent): void {
    reportSinkEvent(this.#logger, event);
    this.#metrics.sinkEvent(event);
  }

  #coverageStored(): void {
    this.#metrics.gapsNoted(this.#watch.freshGaps());
    this.#watch.committed();
  }

  /** For whoever asks how it stands. */
  #standing(): Standing {
    const { wallMs } = this.#clock.read();
    return {
      nowMs: wallMs,
      version: this.#version,
      readiness: readinessOf({
        phase: this.#phase,
        ...(this.#storeTrouble !== undefined && { storeTrouble: this.#storeTrouble }),
        sourceTroubles: new Map([...this.#watch.unreadable(), ...this.#doubts]),
      }),
      sources: this.#watch.facts().sources,
      sinks: this.#settings.sinks.map(({ name }) => name),
      alerts: [...this.#memory.book].map(({ alert }) => alert),
      conditions: [...this.#conditions.values()].map(({ alert }) => alert),
      outbox: this.#outboxDepths(),
      geoFiles: this.#upkeep.files,
    };
  }

  /** A store that is in trouble is when the other metrics are wanted most. */
  #outboxDepths(): readonly OutboxDepth[] | undefined {
    try {
      return this.#store.queries.outboxDepths();
    } catch {
      return undefined;
    }
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

  /** What people did about alerts since the last look. */
  #takeUpHandling(): void {
    const waiting = this.#store.waitingHandling();
    if (waiting.length === 0) return;
    const { alerts, batch } = takeUpHandling(waiting, {
      find: (id) => this.#openAlert(id) ?? this.#store.trackedAlert(id),
      record: (records) => this.#memory.record(records),
      sinks: this.#settings.sinks,
      nowMs: Date.now(),
    });
    this.#commit(batch);
    for (const tracked of alerts) {
      if (isEgress(tracked)) this.#memory.book.revise(tracked);
      else this.#conditions = revised(this.#conditions, tracked);
    }
  }

  #openAlert(id: string): TrackedAlert | undefined {
    return this.#memory.book.get(id) ?? [...this.#conditions.values()].find(({ alert }) => alert.id === id);
  }

  /** Tells what was held back for long. */
  #tellRest(): void {
    const nowMs = Date.now();
    if (Math.abs(nowMs - this.#toldMs) < TEND_MS) return;
    this.#toldMs = nowMs;
    this.#commitChanges(tellDue(this.#memory.book, nowMs));
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
    if (batch.outbox === undefined || batch.outbox.length === 0) return;
    for (const { sink, alerts } of this.#store.shedOutbox(this.#settings.agent.outboxBytes))
      this.#sinkEvent({ name: 'AlertsDropped', sink, alerts, because: 'agent.outbox is full' });
    this.#dispatcher.wake();
  }

  /** Nothing of the failed batch was stored, so going on from the store loses nothing and doubles nothing. */
  async #startOver(): Promise<void> {
    const state = this.#store.loadState();
    this.#memory = new Memory(state, this.#seal);
    this.#conditions = openConditions(state.conditions);
    this.#watch.startOver();
    for (const source of this.#sources) await source.restart(state);
    await this.#knownAnswer?.restart(state);
    this.#isAhead = false;
  }

  async #drainWithin(ms: number): Promise<void> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ms);
    await this.#dispatcher.drain(patience.signal).finally(() => clearTimeout(timer));
  }
}

function restMs(hasLines: boolean, lookMs: number): number {
  return hasLines ? Math.min(Math.max(BUSY_POLL_MS, REST_PER_LOOK * lookMs), POLL_MS) : POLL_MS;
}
