import { expect, test } from 'vitest';
import { OutboxDispatcher, type SinkEvent } from '../../src/sinks/outbox.ts';
import type { OutboxQueue } from '../../src/sinks/queue.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import { STORED, type Verdict } from '../../src/sinks/verdict.ts';
import { clockByHand, nextTurn, queueByHand, sinkByHand } from './by-hand.ts';

const AGAIN: Verdict = { kind: 'again', because: 'ENOSPC' };

function dispatch(queue: OutboxQueue, sinks: readonly Sink[], clock = clockByHand()) {
  const events: SinkEvent[] = [];
  const context = { clock, random: () => 1, report: (event: SinkEvent) => events.push(event) };
  const dispatcher = new OutboxDispatcher(queue, sinks, context);
  return { dispatcher, events, clock };
}

const unhurried = new AbortController().signal;

test('what is in the queue is delivered in order, at start and when more comes', async () => {
  const queue = queueByHand();
  const file = sinkByHand('file');
  queue.add('file', 'a', 'b');
  const { dispatcher, events } = dispatch(queue, [file]);
  dispatcher.start();
  await nextTurn();
  queue.add('file', 'c');
  dispatcher.wake();
  await nextTurn();
  expect(file.sent).toEqual([['a', 'b'], ['c']]);
  expect(queue.arrived).toEqual(['file a', 'file b', 'file c']);
  expect(events).toEqual([
    { name: 'AlertsDelivered', sink: 'file', alerts: 2 },
    { name: 'AlertsDelivered', sink: 'file', alerts: 1 },
  ]);
  await dispatcher.stop();
  expect(file.timesClosed()).toBe(1);
});

test('a hundred alerts at most are handed over at once', async () => {
  const queue = queueByHand();
  const file = sinkByHand('file');
  queue.add('file', ...Array.from({ length: 250 }, (_, n) => `${n}`));
  const { dispatcher } = dispatch(queue, [file]);
  dispatcher.start();
  await dispatcher.drain(unhurried);
  expect(file.sent.map(({ length }) => length)).toEqual([100, 100, 50]);
  await dispatcher.stop();
});

test('a sink that hangs and a sink that fails hold up nobody else', async () => {
  const queue = queueByHand();
  const hanging = sinkByHand('hanging', () => new Promise<Verdict>(() => {}));
  const failing = sinkByHand('failing', () => AGAIN);
  const well = sinkByHand('well');
  for (const sink of ['hanging', 'failing', 'well']) queue.add(sink, 'a', 'b');
  const { dispatcher } = dispatch(queue, [hanging, failing, well]);
  dispatcher.start();
  await nextTurn();
  queue.add('well', 'c');
  dispatcher.wake();
  await nextTurn();
  expect(queue.arrived).toEqual(['well a', 'well b', 'well c']);
  expect(hanging.sent).toHaveLength(1);
});

test('a failed delivery is tried again after 1 s, 2 s, 4 s, with nothing overtaking it', async () => {
  const queue = queueByHand();
  let failures = 3;
  const sink = sinkByHand('siem', () => (failures-- > 0 ? AGAIN : STORED));
  queue.add('siem', 'a');
  const { dispatcher, clock } = dispatch(queue, [sink]);
  dispatcher.start();
  await nextTurn();
  queue.add('siem', 'b');
  dispatcher.wake();
  const triesAfter = async (ms: number) => {
    await clock.advance(ms);
    return sink.sent.length;
  };
  expect(await triesAfter(999)).toBe(1);
  expect(await triesAfter(1)).toBe(2);
  expect(await triesAfter(1_999)).toBe(2);
  expect(await triesAfter(1)).toBe(3);
  expect(await triesAfter(3_999)).toBe(3);
  expect(await triesAfter(1)).toBe(4);
  // `b` came while `a` was waited for; it goes with the next try, behind `a`.
  expect(sink.sent).toEqual([['a'], ['a'], ['a', 'b'], ['a', 'b']]);
  expect(queue.arrived).toEqual(['siem a', 'siem b']);
  await dispatcher.stop();
});

test('trouble is told when it begins, when its cause changes and when it ends', async () => {
  const queue = queueByHand();
  const answers: Verdict[] = [AGAIN, AGAIN, { kind: 'again', because: 'EACCES' }, STORED];
  const sink = sinkByHand('file', () => answers.shift() ?? STORED);
  queue.add('file', 'a');
  const { dispatcher, events, clock } = dispatch(queue, [sink]);
  dispatcher.start();
  for (const ms of [0, 1_000, 2_000, 4_000]) await clock.advance(ms);
  expect(events).toEqual([
    { name: 'SinkFailed', sink: 'file', because: 'ENOSPC' },
    { name: 'SinkFailed', sink: 'file', because: 'EACCES' },
    { name: 'AlertsDelivered', sink: 'file', alerts: 1 },
    { name: 'SinkRecovered', sink: 'file' },
  ]);
  await dispatcher.stop();
});

test('a destination that asks for time is given it', async () => {
  const queue = queueByHand();
  let asked = false;
  const sink = sinkByHand('siem', () => {
    if (asked) return STORED;
    asked = true;
    return { kind: 'again', because: '429', afterMs: 30_000 };
  });
  queue.add('siem', 'a');
  const { dispatcher, clock } = dispatch(queue, [sink]);
  dispatcher.start();
  await nextTurn();
  await clock.advance(29_999);
  expect(queue.arrived).toEqual([]);
  await clock.advance(1);
  expect(queue.arrived).toEqual(['siem a']);
  await dispatcher.stop();
});

test('an alert that is refused for good takes none of its neighbours with it', async () => {
  const queue = queueByHand();
  const sink = sinkByHand('siem', (messages) =>
    messages.includes('bad') ? { kind: 'never', because: 'too long' } : STORED,
  );
  queue.add('siem', 'a', 'bad', 'c');
  const { dispatcher, events } = dispatch(queue, [sink]);
  dispatcher.start();
  await dispatcher.drain(unhurried);
  expect(queue.arrived).toEqual(['siem a', 'siem c']);
  expect(queue.refusals).toEqual(['siem bad: too long']);
  expect(events).toContainEqual({ name: 'AlertsRefused', sink: 'siem', alerts: 1, because: 'too long' });
  await dispatcher.stop();
});

test('one among a hundred is found by halving, and the others arrive in their order', async () => {
  const queue = queueByHand();
  const sink = sinkByHand('siem', (messages) =>
    messages.includes('70') ? { kind: 'never', because: 'malformed' } : STORED,
  );
  queue.add('siem', ...Array.from({ length: 100 }, (_, n) => `${n}`));
  const { dispatcher } = dispatch(queue, [sink]);
  dispatcher.start();
  await dispatcher.drain(unhurried);
  const expected = Array.from({ length: 100 }, (_, n) => `siem ${n}`).filter((it) => it !== 'siem 70');
  expect(queue.arrived).toEqual(expected);
  expect(queue.refusals).toEqual(['siem 70: malformed']);
  // 100, 50, 50, 25, 25, 12, 6, 6, 3, 3, 1 x 3 at the worst; one by one it would have been 101.
  expect(sink.sent.length).toBeLessThan(16);
  await dispatcher.stop();
});

test('what is too large is halved; what is too large alone is put aside', async () => {
  const queue = queueByHand();
  const sink = sinkByHand('siem', (messages) =>
    messages.join('').length > 4 ? { kind: 'split', because: 'status 413' } : STORED,
  );
  queue.add('siem', 'aa', 'bb', 'cccccc', 'dd', 'ee');
  const { dispatcher, events } = dispatch(queue, [sink]);
  dispatcher.start();
  await dispatcher.drain(unhurried);
  expect(sink.sent).toEqual([
    ['aa', 'bb', 'cccccc', 'dd', 'ee'],
    ['aa', 'bb'],
    ['cccccc', 'dd'],
    ['cccccc'],
    ['dd', 'ee'],
  ]);
  expect(queue.arrived).toEqual(['siem aa', 'siem bb', 'siem dd', 'siem ee']);
  expect(queue.refusals).toEqual(['siem cccccc: status 413']);
  expect(events.filter(({ name }) => name === 'SinkFailed')).toEqual([]);
  await dispatcher.stop();
});

test('an answer that speaks of each alert is heeded for each', async () => {
  const queue = queueByHand();
  const answers: Verdict[] = [
    {
      kind: 'each',
      items: [
        STORED,
        { kind: 'again', because: 'status 429', afterMs: 20_000 },
        { kind: 'never', because: 'status 400' },
        STORED,
      ],
    },
  ];
  const sink = sinkByHand('siem', () => answers.shift() ?? STORED);
  queue.add('siem', 'a', 'b', 'c', 'd');
  const { dispatcher, events, clock } = dispatch(queue, [sink]);
  dispatcher.start();
  await nextTurn();
  queue.add('siem', 'e');
  expect(queue.arrived).toEqual(['siem a', 'siem d']);
  expect(queue.refusals).toEqual(['siem c: status 400']);
  expect(dispatcher.health()).toEqual([
    { sink: 'siem', isKnown: true, trouble: { isHeld: false, because: 'status 429', sinceMs: 1_000_000 } },
  ]);
  await clock.advance(19_999);
  expect(sink.sent).toHaveLength(1);
  await clock.advance(1);
  expect(sink.sent).toEqual([['a', 'b', 'c', 'd'], ['b'], ['e']]);
  expect(sink.sentIds).toEqual([['a.open.1', 'b.open.1', 'c.open.1', 'd.open.1'], ['b.open.1'], ['e.open.1']]);
  expect(events.slice(2)).toEqual([
    { name: 'SinkFailed', sink: 'siem', because: 'status 429' },
    { name: 'AlertsDelivered', sink: 'siem', alerts: 1 },
    { name: 'SinkRecovered', sink: 'siem' },
    { name: 'AlertsDelivered', sink: 'siem', alerts: 1 },
  ]);
  await dispatcher.stop();
});

test('an answer that leaves some alerts out has not stored those', async () => {
  const queue = queueByHand();
  const answers: Verdict[] = [{ kind: 'each', items: [STORED] }];
  const sink = sinkByHand('siem', () => answers.shift() ?? STORED);
  queue.add('siem', 'a', 'b');
  const { dispatcher, clock } = dispatch(queue, [sink]);
  dispatcher.start();
  await nextTurn();
  expect(queue.arrived).toEqual(['siem a']);
  await clock.advance(1_000);
  expect(queue.arrived).toEqual(['siem a', 'siem b']);
  await dispatcher.stop();
});

test('a sink that waits for the operator is tried every five minutes, says so once and loses nothing', async () => {
  const queue = queueByHand();
  let isMended = false;
  const sink = sinkByHand('siem', () => (isMended ? STORED : { kind: 'hold', because: 'the token is not accepted' }));
  queue.add('siem', 'a');
  const { dispatcher, events, clock } = dispatch(queue, [sink]);
  dispatcher.start();
  await nextTurn();
  for (let minutes = 0; minutes < 60; minutes += 5) await clock.advance(300_000);
  expect(sink.sent).toHaveLength(13);
  expect(events).toEqual([{ name: 'SinkHeld', sink: 'siem', because: 'the token is not accepted' }]);
  expect(dispatcher.health()).toEqual([
    {
      sink: 'siem',
      isKnown: true,
      trouble: { isHeld: true, because: 'the token is not accepted', sinceMs: 1_000_000 },
    },
  ]);
  isMended = true;
  await clock.advance(300_000);
  expect(queue.arrived).toEqual(['siem a']);
  expect(dispatcher.health()).toEqual([{ sink: 'siem', isKnown: true }]);
  await dispatcher.stop();
});

test('a new start tries at once what waited for the operator', async () => {
  const queue = queueByHand();
  queue.add('siem', 'a');
  const held = dispatch(queue, [sinkByHand('siem', () => ({ kind: 'hold', because: 'no such token' }))]);
  held.dispatcher.start();
  await nextTurn();
  await held.dispatcher.stop();
  const { dispatcher } = dispatch(queue, [sinkByHand('siem')], held.clock);
  expect(dispatcher.health()).toEqual([{ sink: 'siem', isKnown: false }]);
  dispatcher.start();
  await nextTurn();
  expect(queue.arrived).toEqual(['siem a']);
  await dispatcher.stop();
});

test('no more is handed over than the destination takes at once, in number and in bytes', async () => {
  const queue = queueByHand();
  const sink = sinkByHand('siem', () => STORED, { messages: 3, bytes: 8 });
  // The umlaut has two bytes.
  queue.add('siem', 'a', 'b', 'c', 'd', 'eeeee', 'üüü', 'ffffffffffff', 'g');
  const { dispatcher } = dispatch(queue, [sink]);
  dispatcher.start();
  await dispatcher.drain(unhurried);
  expect(sink.sent).toEqual([['a', 'b', 'c'], ['d', 'eeeee'], ['üüü'], ['ffffffffffff'], ['g']]);
  await dispatcher.stop();
});

test('a sink with a pause takes the first at once, and what comes meanwhile together', async () => {
  const queue = queueByHand();
  const mail = sinkByHand('mail');
  queue.add('mail', 'a');
  const { dispatcher, clock } = dispatch(queue, [{ ...mail, pauseMs: 900_000 }]);
  dispatcher.start();
  await nextTurn();
  for (const id of ['b', 'c']) {
    queue.add('mail', id);
    dispatcher.wake();
    await nextTurn();
  }
  await clock.advance(899_999);
  expect(mail.sent).toEqual([['a']]);
  await clock.advance(1);
  expect(mail.sent).toEqual([['a'], ['b', 'c']]);
  queue.add('mail', 'd');
  await dispatcher.drain(unhurried);
  expect(mail.sent).toEqual([['a'], ['b', 'c'], ['d']]);
  await dispatcher.stop();
});

test('a transport that rejects is tried again, an encoder that throws is a refusal', async () => {
  const queue = queueByHand();
  let rejections = 1;
  const rejecting = sinkByHand('rejecting', async () => {
    if (rejections-- > 0) throw new TypeError('a bug');
    return STORED;
  });
  const broken: Sink = {
    ...sinkByHand('broken'),
    encode: () => {
      throw new RangeError('a bug');
    },
  };
  queue.add('rejecting', 'a');
  queue.add('broken', 'a');
  const { dispatcher, events, clock } = dispatch(queue, [rejecting, broken]);
  dispatcher.start();
  await nextTurn();
  await clock.advance(1_000);
  expect(events).toContainEqual({ name: 'SinkFailed', sink: 'rejecting', because: 'TypeError' });
  expect(queue.arrived).toEqual(['rejecting a']);
  expect(queue.refusals).toEqual(['broken a: it cannot be encoded (RangeError)']);
  await dispatcher.stop();
});

test('a queue that fails is asked again later', async () => {
  const inner = queueByHand();
  inner.add('file', 'a');
  let failures = 1;
  const queue: OutboxQueue = {
    ...inner,
    next: (sink, limit) => {
      if (failures-- > 0) throw Object.assign(new Error('disk'), { code: 'SQLITE_FULL' });
      return inner.next(sink, limit);
    },
  };
  const { dispatcher, events, clock } = dispatch(queue, [sinkByHand('file')]);
  dispatcher.start();
  await nextTurn();
  expect(inner.arrived).toEqual([]);
  await clock.advance(1_000);
  expect(inner.arrived).toEqual(['file a']);
  expect(events[0]).toEqual({ name: 'SinkFailed', sink: 'file', because: 'the stored queue failed (SQLITE_FULL)' });
  await dispatcher.stop();
});

test('drain resolves when every sink has everything, not before', async () => {
  const queue = queueByHand();
  let failures = 1;
  const slow = sinkByHand('slow', () => (failures-- > 0 ? AGAIN : STORED));
  queue.add('slow', 'a');
  queue.add('well', 'a');
  const { dispatcher, clock } = dispatch(queue, [slow, sinkByHand('well')]);
  dispatcher.start();
  let drained = false;
  const draining = dispatcher.drain(unhurried).then(() => {
    drained = true;
  });
  await nextTurn();
  expect([queue.arrived, drained]).toEqual([['well a'], false]);
  await clock.advance(1_000);
  expect([queue.arrived, drained]).toEqual([['well a', 'slow a'], true]);
  await draining;
  await dispatcher.drain(unhurried);
  await dispatcher.stop();
});

test('drain gives up when its signal aborts, and stop leaves what was not acknowledged in the queue', async () => {
  const queue = queueByHand();
  queue.add('sick', 'a');
  const { dispatcher } = dispatch(queue, [sinkByHand('sick', () => AGAIN)]);
  dispatcher.start();
  const patience = new AbortController();
  const draining = dispatcher.drain(patience.signal);
  await nextTurn();
  patience.abort();
  await draining;
  await dispatcher.stop();
  expect(queue.next('sick', 10).map(({ alert, attempts }) => [alert.id, attempts])).toEqual([['a', 1]]);
});

test('a clock that is set back does not stretch a wait', async () => {
  const queue = queueByHand();
  let failures = 1;
  const sink = sinkByHand('siem', () => (failures-- > 0 ? AGAIN : STORED));
  queue.add('siem', 'a');
  const clock = clockByHand();
  const before = dispatch(queue, [sink], clock);
  before.dispatcher.start();
  await nextTurn();
  await before.dispatcher.stop();
  clock.setBack(900_000);
  const { dispatcher } = dispatch(queue, [sink], clock);
  dispatcher.start();
  await nextTurn();
  await clock.advance(300_000);
  expect(queue.arrived).toEqual(['siem a']);
  await dispatcher.stop();
});
