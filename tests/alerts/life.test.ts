import { expect, test } from 'vitest';
import { AlertBook } from '../../src/alerts/book.ts';
import { absorbAll } from '../../src/alerts/grouping.ts';
import { closeQuiet, tellAllHeldBack, tellDue } from '../../src/alerts/life.ts';
import { finding, T0 } from './findings.ts';

const DAY = 86_400_000;

function bookWith(count: number, nowMs: number): AlertBook {
  const book = new AlertBook();
  const findings = Array.from({ length: count }, (_, index) => ({
    finding: finding({ id: `f-${index}` }),
    ledger: { seq: index + 1, hash: `${index + 1}` },
  }));
  absorbAll(book, findings, { settings: { groupMs: 1 }, gateway: 'gw1', nowMs });
  return book;
}

test('what was held back is told once, when it has waited long enough', () => {
  const book = bookWith(7, T0);
  expect(tellDue(book, T0 + 299_999).notices).toEqual([]);
  const { notices } = tellDue(book, T0 + 300_000);
  expect(notices.map(({ kind, because, alert }) => [kind, because, alert.count])).toEqual([
    ['updated', 'rest-told', 7],
  ]);
  expect(tellAllHeldBack(book, T0 + DAY).notices).toEqual([]);
});

test('an alert whose every finding was told is left alone', () => {
  expect(tellAllHeldBack(bookWith(8, T0), T0 + DAY)).toEqual({ alerts: [], notices: [] });
});

test('an alert that goes on is told of at growing intervals', () => {
  const book = bookWith(1_025, T0);
  const toldAtMinute: number[] = [];
  for (let minute = 1; minute <= 2 * 24 * 60; minute++) {
    const nowMs = T0 + minute * 60_000;
    // One finding a minute: too few to double the count again.
    const more = { finding: finding({ id: `f-more-${minute}` }), ledger: { seq: 2_000 + minute, hash: 'h' } };
    const context = { settings: { groupMs: 1 }, gateway: 'gw1', nowMs };
    const told = minute > 900 ? [] : absorbAll(book, [more], context).notices;
    if ([...told, ...tellDue(book, nowMs).notices].length > 0) toldAtMinute.push(minute);
  }
  expect(toldAtMinute).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1_000]);
});

test('an alert that goes on for a week is told of every six hours in the end', () => {
  const book = bookWith(1, T0);
  const toldAtHour: number[] = [];
  for (let hour = 0; hour <= 96; hour++) {
    const nowMs = T0 + hour * 3_600_000;
    const more = { finding: finding({ id: `f-more-${hour}` }), ledger: { seq: 2_000 + hour, hash: 'h' } };
    absorbAll(book, [more], { settings: { groupMs: 1 }, gateway: 'gw1', nowMs });
    if (tellDue(book, nowMs).notices.length > 0) toldAtHour.push(hour);
  }
  // From hour 62 on, when the count doubled for the last time.
  expect(toldAtHour.slice(-5)).toEqual([68, 74, 80, 86, 92]);
});

test('an alert closes when neither the log nor we saw anything for long enough, with its final numbers', () => {
  const book = bookWith(3, T0);
  expect(closeQuiet(book, { closeAfterMs: DAY }, T0 + DAY - 1).notices).toEqual([]);
  const { alerts, notices } = closeQuiet(book, { closeAfterMs: DAY }, T0 + DAY);
  expect(notices.map(({ kind, because, alert }) => [kind, because, alert.state, alert.count])).toEqual([
    ['closed', 'quiet', 'closed', 3],
  ]);
  expect(alerts[0]?.told.count).toBe(3);
  expect(book.size).toBe(0);
});

test('an alert of an old log that is read now stays open', () => {
  const readingAt = T0 + 30 * DAY;
  const book = bookWith(3, readingAt);
  expect(closeQuiet(book, { closeAfterMs: DAY }, readingAt + DAY - 1).notices).toEqual([]);
  expect(closeQuiet(book, { closeAfterMs: DAY }, readingAt + DAY).notices).toHaveLength(1);
});

test('after an alert is closed, the same key opens another', () => {
  const book = bookWith(1, T0);
  const [first] = closeQuiet(book, { closeAfterMs: DAY }, T0 + DAY).alerts;
  const { notices } = absorbAll(book, [{ finding: finding({ id: 'f-next' }), ledger: { seq: 9, hash: '9' } }], {
    settings: { groupMs: 1 },
    gateway: 'gw1',
    nowMs: T0 + DAY,
  });
  expect(notices.map(({ kind }) => kind)).toEqual(['opened']);
  expect(notices[0]?.alert.id).not.toBe(first?.alert.id);
});
