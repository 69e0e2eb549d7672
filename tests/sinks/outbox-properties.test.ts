import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutboxDispatcher } from '../../src/sinks/outbox.ts';
import { type ItemVerdict, STORED, type Verdict } from '../../src/sinks/verdict.ts';
import { clockByHand, nextTurn, queueByHand, sinkByHand } from './by-hand.ts';

const again: ItemVerdict = { kind: 'again', because: 'status 503' };
const never: ItemVerdict = { kind: 'never', because: 'status 400' };

const alike = fc.constantFrom<Verdict>(
  STORED,
  again,
  never,
  { kind: 'hold', because: 'status 401' },
  { kind: 'split', because: 'status 413' },
);
/** Longer or shorter than the batch that it answers. */
const each = fc
  .array(fc.constantFrom<ItemVerdict>(STORED, again, never), { maxLength: 8 })
  .map((items): Verdict => ({ kind: 'each', items }));

/** What becomes of so many alerts when the destination answers so, one answer a request, and at last takes everything. */
async function deliverAll(count: number, answers: readonly Verdict[]) {
  const queue = queueByHand();
  let at = 0;
  const sink = sinkByHand('siem', () => answers[at++] ?? STORED, { messages: 7, bytes: 1_000_000 });
  const ids = Array.from({ length: count }, (_, number) => `${number}`);
  queue.add('siem', ...ids);
  const clock = clockByHand();
  const dispatcher = new OutboxDispatcher(queue, [sink], { clock, random: () => 0.5, report: () => {} });
  dispatcher.start();
  for (let rounds = 0; queue.next('siem', 1).length > 0; rounds++) {
    if (rounds > 1_000) throw new Error('It never ends');
    await clock.advance(300_000);
    await nextTurn();
  }
  await dispatcher.stop();
  return { ids, arrived: queue.arrived, refused: queue.refusals };
}

test('whatever a destination answers, each alert either arrives once or is put aside once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.oneof(alike, each), { maxLength: 30 }),
      async (count, answers) => {
        const { ids, arrived, refused } = await deliverAll(count, answers);
        const settled = [...arrived, ...refused.map((it) => it.split(':')[0] ?? '')].map((it) =>
          it.slice('siem '.length),
        );
        expect(settled.sort((one, other) => Number(one) - Number(other))).toEqual(ids);
      },
    ),
    { numRuns: 100 },
  );
});

test('where the answers are for all alike, the alerts arrive in their order, and nothing is put aside but alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.array(alike, { maxLength: 30 }), async (count, answers) => {
      const { arrived, refused } = await deliverAll(count, answers);
      const numbers = arrived.map((it) => Number(it.slice('siem '.length)));
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
      const blaming = answers.filter(({ kind }) => kind === 'never' || kind === 'split').length;
      expect(refused.length).toBeLessThanOrEqual(blaming);
    }),
    { numRuns: 100 },
  );
});
