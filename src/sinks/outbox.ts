import { backoffMs, LONGEST_WAIT_MS } from './backoff.ts';
import { type Batch, handOver, outcomes, packed } from './batch.ts';
import { Bell } from './bell.ts';
import type { DeliveryClock } from './clock.ts';
import { type SinkHealth, type Trouble, troubleAfter } from './health.ts';
import type { OutboxItem, OutboxQueue } from './queue.ts';
import type { Sink } from './sink.ts';
import { reasonOf, type Verdict } from './verdict.ts';

/** What happens in delivery, for the agent's log and metrics. A failure is told when its cause changes, not each time. */
export type SinkEvent =
  | { readonly name: 'AlertsDelivered'; readonly sink: string; readonly alerts: number }
  | { readonly name: 'AlertsRefused'; readonly sink: string; readonly alerts: number; readonly because: string }
  | { readonly name: 'AlertsDropped'; readonly sink: string; readonly alerts: number; readonly because: string }
  | { readonly name: 'SinkFailed'; readonly sink: string; readonly because: string }
  /** It waits for the operator; nothing is dropped meanwhile. */
  | { readonly name: 'SinkHeld'; readonly sink: string; readonly because: string }
  | { readonly name: 'SinkRecovered'; readonly sink: string };

export interface DispatchContext {
  readonly clock: DeliveryClock;
  /** 0 to 1, exclusive of 1. */
  readonly random: () => number;
  readonly report: (event: SinkEvent) => void;
}

/** Alerts handed to a transport at once. */
const BATCH = 100;
/** Between two tries of a sink that waits for the operator: what was wrong may be mended at the other end. */
const HOLD_MS = LONGEST_WAIT_MS;

/**
 * Takes alerts from the stored queue to their sinks: in order for each sink, and each sink for itself, so that a sick one
 * holds up nobody else. At least once: an entry leaves the queue after the destination has it, so a crash in between
 * delivers it again, with the same id, state and count.
 *
 * What is too large together, or refused together, is halved until the one to blame stands alone; that one is put aside.
 */
export class OutboxDispatcher {
  readonly #queue: OutboxQueue;
  readonly #sinks: readonly Sink[];
  readonly #context: DispatchContext;
  readonly #work = new Bell();
  readonly #emptied = new Bell();
  readonly #stopping = new AbortController();
  /** Aborted when what waits is to go without a pause. */
  readonly #hurry = new AbortController();
  readonly #health: Map<string, SinkHealth>;
  #loops: readonly Promise<void>[] = [];

  constructor(queue: OutboxQueue, sinks: readonly Sink[], context: DispatchContext) {
    this.#queue = queue;
    this.#sinks = sinks;
    this.#context = context;
    this.#health = new Map(sinks.map(({ name }) => [name, { sink: name, isKnown: false }]));
  }

  /** Begins to deliver what is in the queue and whatever comes in. Call once. */
  start(): void {
    this.#loops = this.#sinks.map((sink) => this.#run(sink, this.#stopping.signal));
  }

  /** To be called after entries were committed. */
  wake(): void {
    this.#work.ring();
  }

  /** How each sink fares now. */
  health(): readonly SinkHealth[] {
    return [...this.#health.values()];
  }

  /** Resolves when the queue is empty for every sink, or when the signal aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#hurry.abort();
    this.wake();
    while (!signal.aborted && this.#sinks.some(({ name }) => this.#queue.next(name, 1).length > 0)) {
      await this.#emptied.heard(signal);
    }
  }

  /** Ends all deliveries and closes the sinks. What was not acknowledged stays in the queue. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
    await Promise.all(this.#sinks.map(({ transport }) => transport.close()));
  }

  async #run(sink: Sink, signal: AbortSignal): Promise<void> {
    let limit = BATCH;
    while (!signal.aborted) {
      try {
        const waiting = this.#queue.next(sink.name, limit);
        if (waiting.length === 0) {
          limit = BATCH;
          this.#wellWithout(sink);
          this.#emptied.ring();
          await this.#work.heard(signal);
          continue;
        }
        await this.#waitUntilDue(waiting, signal);
        if (signal.aborted) return;
        const { items, verdict } = await tryOnce(sink, waiting, signal);
        if (signal.aborted && (verdict.kind === 'again' || verdict.kind === 'hold')) return;
        limit = this.#settle(items, verdict, limit);
        this.#tell(sink, verdict);
        // Not stored as a failed try: a new configuration is tried at once.
        if (verdict.kind === 'hold') await this.#context.clock.wait(HOLD_MS, signal);
        if (verdict.kind === 'stored' && sink.pauseMs !== undefined) await this.#pause(sink.pauseMs, signal);
      } catch (error) {
        // The queue itself failed: a full disk, most likely. Nothing is lost; it is asked again later.
        this.#tell(sink, { kind: 'again', because: `the stored queue failed (${reasonOf(error)})` });
        await this.#context.clock.wait(Math.max(backoffMs(1, this.#context.random()), QUEUE_PAUSE_MS), signal);
      }
    }
  }

  /** The oldest entry decides for those behind it. A clock that was set back cannot stretch the wait. */
  async #waitUntilDue([oldest]: readonly OutboxItem[], signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const waitMs = (oldest?.nextAttemptMs ?? 0) - clock.nowMs();
    if (waitMs > 0) await clock.wait(Math.min(waitMs, LONGEST_WAIT_MS), signal);
  }

  /** @returns how many are tried together next. */
  #settle(items: readonly OutboxItem[], verdict: Verdict, limit: number): number {
    switch (verdict.kind) {
      case 'hold':
        return limit;
      case 'split':
      case 'never':
        if (items.length > 1) return Math.floor(items.length / 2);
        this.#apply(items, { kind: 'never', because: verdict.because });
        return BATCH;
      case 'stored':
      case 'again':
      case 'each':
        this.#apply(items, verdict);
        return limit;
      default:
        return verdict satisfies never;
    }
  }

  #apply(items: readonly OutboxItem[], verdict: Parameters<typeof outcomes>[1]): void {
    const { clock, random, report } = this.#context;
    const sink = items[0]?.sink ?? '';
    const all = outcomes(items, verdict);
    const stored = all.flatMap(({ item, verdict }) => (verdict.kind === 'stored' ? [item] : []));
    if (stored.length > 0) {
      this.#queue.delivered(stored, clock.nowMs());
      report({ name: 'AlertsDelivered', sink, alerts: stored.length });
    }
    for (const { item, verdict } of all) {
      if (verdict.kind !== 'never') continue;
      this.#queue.refused([item], verdict.because, clock.nowMs());
      report({ name: 'AlertsRefused', sink, alerts: 1, because: verdict.because });
    }
    const failed = all.flatMap(({ item, verdict }) => (verdict.kind === 'again' ? [{ item, ...verdict }] : []));
    const [oldest] = failed;
    if (oldest === undefined) return;
    const waitMs = backoffMs(oldest.item.attempts + 1, random(), oldest.afterMs);
    const tried = failed.map(({ item }) => item);
    this.#queue.failed(tried, clock.nowMs() + waitMs);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#hurry.signal.aborted) await this.#context.clock.wait(ms, AbortSignal.any([signal, this.#hurry.signal]));
  }

  #wellWithout({ name: sink }: Sink): void {
    const known = this.#health.get(sink);
    if (known !== undefined) this.#health.set(sink, { ...known, isKnown: true });
  }

  /** A trouble is told when it begins, when its cause changes and when it ends. */
  #tell({ name: sink }: Sink, verdict: Verdict): void {
    const { report, clock } = this.#context;
    const before = this.#health.get(sink)?.trouble;
    const trouble = troubleAfter(before, verdict, clock.nowMs());
    this.#health.set(sink, { sink, isKnown: true, ...(trouble !== undefined && { trouble }) });
    if (trouble === undefined) {
      if (before !== undefined) report({ name: 'SinkRecovered', sink });
    } else if (!isSame(before, trouble)) {
      report({ name: trouble.isHeld ? 'SinkHeld' : 'SinkFailed', sink, because: trouble.because });
    }
  }
}

/** So that a disk that stays full is not asked without pause. */
const QUEUE_PAUSE_MS = 500;

async function tryOnce(
  sink: Sink,
  waiting: readonly OutboxItem[],
  signal: AbortSignal,
): Promise<{ readonly items: readonly OutboxItem[]; readonly verdict: Verdict }> {
  let batch: Batch;
  try {
    batch = packed(sink, waiting);
  } catch (error) {
    // An encoder fails for good.
    return { items: waiting, verdict: { kind: 'never', because: `it cannot be encoded (${reasonOf(error)})` } };
  }
  return { items: batch.items, verdict: await handOver(sink, batch, signal) };
}

function isSame(one: Trouble | undefined, other: Trouble): boolean {
  return one?.because === other.because && one.isHeld === other.isHeld;
}
