import { randomBytes } from 'node:crypto';
import { sinkTest } from '../alerts/test-alert.ts';
import type { Settings } from '../config/settings.ts';
import { EMPTY_LEDGER } from '../evidence/ledger.ts';
import { SYSTEM_CLOCK } from '../sinks/clock.ts';
import { OutboxDispatcher } from '../sinks/outbox.ts';
import type { OutboxItem, OutboxQueue } from '../sinks/queue.ts';
import type { SinkSettings } from '../sinks/settings.ts';
import { createSink, type SinkSurroundings } from '../sinks/sink.ts';

/** What came of a test alert. */
export type SinkTrial = { readonly sink: string; readonly ms: number } & (
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'failed'; readonly because: string }
);

/** A destination that has not answered by then is said to have failed. */
const PATIENCE_MS = 30_000;

/**
 * Sends a marked test alert through one sink, by the dispatcher, encoder and transport of real alerts; only the queue
 * before them is not the stored one, so that nobody is held up by what waits there. The sink's `min-severity` is passed
 * over. It is tried once.
 */
export async function trySink(
  settings: SinkSettings,
  agent: Pick<Settings['agent'], 'name'>,
  surroundings: SinkSurroundings,
): Promise<SinkTrial> {
  const { name: sink } = settings;
  const id = `a-${randomBytes(12).toString('hex')}`;
  const alert = sinkTest(id, sink, { gateway: agent.name, nowMs: Date.now(), ledger: EMPTY_LEDGER });
  const began = performance.now();
  let settle: (trial: { outcome: 'delivered' } | { outcome: 'failed'; because: string }) => void = () => {};
  const answer = new Promise<Parameters<typeof settle>[0]>((resolve) => {
    settle = resolve;
  });
  const dispatcher = new OutboxDispatcher(
    queueOf({ seq: 1, eventId: `${id}.open.1`, sink, alert, attempts: 0, nextAttemptMs: 0 }),
    [createSink(settings, surroundings)],
    {
      clock: SYSTEM_CLOCK,
      random: Math.random,
      report: (event) => {
        if (event.name === 'AlertsDelivered') settle({ outcome: 'delivered' });
        else if ('because' in event) settle({ outcome: 'failed', because: event.because });
      },
    },
  );
  dispatcher.start();
  const patience = setTimeout(
    () => settle({ outcome: 'failed', because: `no answer within ${PATIENCE_MS / 1_000} s` }),
    PATIENCE_MS,
  );
  try {
    const trial = await answer;
    return { sink, ms: Math.round(performance.now() - began), ...trial };
  } finally {
    clearTimeout(patience);
    await dispatcher.stop();
  }
}

/** A queue of one, which is gone whatever becomes of it. */
function queueOf(item: OutboxItem): OutboxQueue {
  let items: readonly OutboxItem[] = [item];
  const empty = () => {
    items = [];
  };
  return { next: () => items, delivered: empty, refused: empty, failed: empty };
}
