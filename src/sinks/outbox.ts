import { backoffMs, LONGEST_WAIT_MS } from './backoff.ts';
import { Bell } from './bell.ts';
import type { DeliveryClock } from './clock.ts';
import type { OutboxItem, OutboxQueue } from './queue.ts';
import type { Sink } from './sink.ts';
import { reasonOf, type Verdict } from './verdict.ts';

/** What happens in delivery, for the agent's log and metrics. A failure is told when its cause changes, not each time. */
export type SinkEvent =
  | { readonly name: 'AlertsDelivered'; readonly sink: string; readonly alerts: number }
  | { readonly name: 'AlertsRefused'; readonly sink: string; readonly alerts: number; readonly because: string }
  | { readonly name: 'SinkFailed'; readonly sink: string; readonly because: string }
  | { readonly name: 'SinkRecovered'; readonly sink: string };

export interface DispatchContext {
  readonly clock: DeliveryClock;
  /** 0 to 1, exclusive of 1. */
  readonly random: () => number;
  readonly report: (event: SinkEvent) => void;
}

/** Alerts handed to a transport at once. */
const BATCH = 100;

/**
 * Takes alerts from the stored queue to their sinks: in order for each sink, and each sink for itself, so that a sick one
 * holds up nobody else. At least once: an entry leaves the queue after the destination has it, so a crash in between
 * delivers it again, with the same id, state and count.
 */
export class OutboxDispatcher {
  readonly #queue: OutboxQueue;
  readonly #sinks: readonly Sink[];
  readonly #context: DispatchContext;
  readonly #work = new Bell();
  readonly #emptied = new Bell();
  readonly #stopping = new AbortController();
  #loops: readonly Promise<void>[] = [];

  constructor(queue: OutboxQueue, sinks: readonly Sink[], context: DispatchContext) {
    this.#queue = queue;
    this.#sinks = sinks;
    this.#context = context;
  }

  /** Begins to deliver what is in the queue and whatever comes in. Call once. */
  start(): void {
    this.#loops = this.#sinks.map((sink) => this.#run(sink, this.#stopping.signal));
  }

  /** To be called after entries were committed. */
  wake(): void {
    this.#work.ring();
  }

  /** Resolves when the queue is empty for every sink, or when the signal aborts. */
  async drain(signal: AbortSignal): Promise<void> {
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
    let trouble: string | undefined;
    let limit = BATCH;
    while (!signal.aborted) {
      try {
        const items = this.#queue.next(sink.name, limit);
        if (items.length === 0) {
          limit = BATCH;
          this.#emptied.ring();
          await this.#work.heard(signal);
          continue;
        }
        await this.#waitUntilDue(items, signal);
        if (signal.aborted) return;
        const verdict = await deliver(sink, items, signal);
        if (verdict.kind === 'again' && signal.aborted) return;
        // One that is refused must not take its neighbours with it: they are tried one by one.
        if (verdict.kind === 'never' && items.length > 1) limit = 1;
        else this.#settle(items, verdict);
        trouble = this.#tell(sink, verdict, trouble);
      } catch (error) {
        // The queue itself failed: a full disk, most likely. Nothing is lost; it is asked again later.
        trouble = this.#tell(sink, { kind: 'again', because: `the stored queue failed (${reasonOf(error)})` }, trouble);
        await this.#context.clock.wait(backoffMs(1, this.#context.random()), signal);
      }
    }
  }

  /** The oldest entry decides for those behind it. A clock that was set back cannot stretch the wait. */
  async #waitUntilDue([oldest]: readonly OutboxItem[], signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const waitMs = (oldest?.nextAttemptMs ?? 0) - clock.nowMs();
    if (waitMs > 0) await clock.wait(Math.min(waitMs, LONGEST_WAIT_MS), signal);
  }

  #settle(items: readonly OutboxItem[], verdict: Verdict): void {
    const { clock, random, report } = this.#context;
    const [oldest] = items;
    if (oldest === undefined) return;
    switch (verdict.kind) {
      case 'stored':
        this.#queue.delivered(items, clock.nowMs());
        report({ name: 'AlertsDelivered', sink: oldest.sink, alerts: items.length });
        return;
      case 'never':
        this.#queue.refused(items, verdict.because, clock.nowMs());
        report({ name: 'AlertsRefused', sink: oldest.sink, alerts: items.length, because: verdict.because });
        return;
      case 'again':
        this.#queue.failed(items, clock.nowMs() + backoffMs(oldest.attempts + 1, random(), verdict.afterMs));
        return;
      default:
        verdict satisfies never;
    }
  }

  /** @returns what the sink suffers from now. */
  #tell({ name: sink }: Sink, verdict: Verdict, trouble: string | undefined): string | undefined {
    const { report } = this.#context;
    if (verdict.kind === 'never') return trouble;
    if (verdict.kind === 'stored') {
      if (trouble !== undefined) report({ name: 'SinkRecovered', sink });
      return undefined;
    }
    if (verdict.because !== trouble) report({ name: 'SinkFailed', sink, because: verdict.because });
    return verdict.because;
  }
}

/** A transport that breaks its promise and rejects is one that must be tried again; an encoder fails for good. */
async function deliver(
  { encode, transport }: Sink,
  items: readonly OutboxItem[],
  signal: AbortSignal,
): Promise<Verdict> {
  let messages: readonly string[];
  try {
    messages = items.map(({ alert }) => encode(alert));
  } catch (error) {
    return { kind: 'never', because: `it cannot be encoded (${reasonOf(error)})` };
  }
  try {
    return await transport.send(messages, signal);
  } catch (error) {
    return { kind: 'again', because: reasonOf(error) };
  }
}
