import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeliveryClock } from '../../src/sinks/clock.ts';
import type { OutboxItem, OutboxQueue } from '../../src/sinks/queue.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import type { BatchLimits } from '../../src/sinks/transport.ts';
import { STORED, type Verdict } from '../../src/sinks/verdict.ts';
import { alert } from './alerts.ts';

/** Time that passes when the test says so. */
export function clockByHand() {
  let now = 1_000_000;
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  const clock: DeliveryClock = {
    nowMs: () => now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          untilMs: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', sleeper.wake, { once: true });
      }),
  };
  return {
    ...clock,
    advance: async (ms: number): Promise<void> => {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.untilMs <= now) sleeper.wake();
      await nextTurn();
    },
    setBack: (ms: number): void => {
      now -= ms;
    },
  };
}

/** A queue in memory that keeps the contract of the stored one. */
export function queueByHand() {
  let items: readonly OutboxItem[] = [];
  const delivered: string[] = [];
  const refused: string[] = [];
  let seq = 0;
  const without = (gone: readonly OutboxItem[]) => items.filter((it) => !gone.some((other) => other.seq === it.seq));
  const queue: OutboxQueue = {
    next: (sink, limit) => items.filter((it) => it.sink === sink).slice(0, limit),
    delivered: (done) => {
      items = without(done);
      delivered.push(...done.map(({ sink, alert: { id } }) => `${sink} ${id}`));
    },
    refused: (done, because) => {
      items = without(done);
      refused.push(...done.map(({ sink, alert: { id } }) => `${sink} ${id}: ${because}`));
    },
    failed: (tried, nextAttemptMs) => {
      const seqs = new Set(tried.map((it) => it.seq));
      items = items.map((it) => (seqs.has(it.seq) ? { ...it, attempts: it.attempts + 1, nextAttemptMs } : it));
    },
  };
  return {
    ...queue,
    arrived: delivered,
    refusals: refused,
    add: (sink: string, ...ids: readonly string[]): void => {
      const added = ids.map((id): OutboxItem => {
        seq += 1;
        return { seq, eventId: `${id}.open.1`, sink, alert: alert({ id }), attempts: 0, nextAttemptMs: 0 };
      });
      items = [...items, ...added];
    },
  };
}

/** A sink whose destination answers what the test says; `stored` unless told otherwise. */
export function sinkByHand(
  name: string,
  answer: (messages: readonly string[]) => Verdict | Promise<Verdict> = () => STORED,
  limits?: BatchLimits,
) {
  const sent: (readonly string[])[] = [];
  const sentIds: (readonly string[])[] = [];
  let closed = 0;
  const sink: Sink = {
    name,
    minSeverity: 'info',
    encode: ({ id }) => id,
    transport: {
      ...(limits !== undefined && { limits }),
      send: async (messages, _, eventIds) => {
        sent.push(messages);
        sentIds.push(eventIds);
        return answer(messages);
      },
      close: async () => {
        closed += 1;
      },
    },
  };
  return { ...sink, sent, sentIds, timesClosed: () => closed };
}

export { nextTurn };
