import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { AlertBook, type TrackedAlert } from '../../src/alerts/book.ts';
import { absorb } from '../../src/alerts/grouping.ts';
import { type HandlingAct, handle } from '../../src/alerts/handling.ts';
import { eventId } from '../../src/alerts/notice.ts';
import { conditionAlert } from '../sinks/alerts.ts';
import { finding, T0 } from './findings.ts';

const context = { settings: { groupMs: 3_600_000 }, gateway: 'gw1', nowMs: T0 };
const MINUTE = 60_000;

const acknowledged = (by: string, minute: number): HandlingAct => ({
  kind: 'acknowledged',
  alertId: 'a-1',
  by,
  account: 'soc',
  atMs: T0 + minute * MINUTE,
});
const closed = (disposition: 'true-positive' | 'authorised', minute: number): HandlingAct => ({
  ...acknowledged('kim', minute),
  kind: 'closed',
  disposition,
  reason: 'amendment 3',
});

/** The only open alert of a book, of one finding. */
function opened() {
  const book = new AlertBook();
  const { alert } = absorb(book, { finding: finding(), ledger: { seq: 1, hash: '1' } }, context);
  const tracked = book.get(alert.id);
  if (tracked === undefined) throw new Error('The alert is not in the book');
  return { book, tracked };
}

/** What each act told, and how the alert is left. */
function after(tracked: TrackedAlert, ...acts: readonly HandlingAct[]) {
  let now = tracked;
  const told = acts.map((act) => {
    const handled = handle(now, act, T0 + 10 * MINUTE);
    now = handled.tracked;
    const { kind, because, alert } = handled.notice;
    return `${kind} ${because} ${eventId(alert).slice(alert.id.length)}`;
  });
  return { told, alert: now.alert as Alert, tracked: now };
}

test('the first acknowledgement is the one that is shown, each one is told', () => {
  const { told, alert } = after(opened().tracked, acknowledged('lee', 1), acknowledged('kim', 2));
  expect(told).toEqual(['updated acknowledged .open.1.1', 'updated acknowledged .open.1.2']);
  expect(alert).toMatchObject({
    state: 'open',
    handling: { acts: 2, acknowledged: { by: 'lee', at: '2026-11-24T03:49:06.123Z' } },
  });
});

test('an alert that was judged is closed, the last judgement holds, and nothing of it hides the acknowledgement', () => {
  const acts = [acknowledged('lee', 1), closed('authorised', 2), closed('true-positive', 3)];
  const { told, alert } = after(opened().tracked, ...acts);
  expect(told).toEqual([
    'updated acknowledged .open.1.1',
    'closed disposition .closed.1.2',
    'closed disposition .closed.1.3',
  ]);
  expect(alert).toMatchObject({
    state: 'closed',
    closedBecause: 'disposition',
    handling: {
      acts: 3,
      acknowledged: { by: 'lee', at: '2026-11-24T03:49:06.123Z' },
      disposition: { verdict: 'true-positive', by: 'kim', at: '2026-11-24T03:51:06.123Z' },
    },
  });
  expect(JSON.stringify(alert)).not.toContain('amendment');
});

test('an alert that was closed by itself can be judged afterwards, and says still why it was closed', () => {
  const { tracked } = opened();
  const quiet: TrackedAlert = { ...tracked, alert: { ...tracked.alert, state: 'closed', closedBecause: 'quiet' } };
  expect(after(quiet, closed('authorised', 5)).alert).toMatchObject({
    state: 'closed',
    closedBecause: 'quiet',
    handling: { disposition: { verdict: 'authorised' } },
  });
});

test('a finding after the judgement opens an alert of its own; one before it joins, and worse ones keep what was done', () => {
  const { book, tracked } = opened();
  const acknowledgedAlert = handle(tracked, acknowledged('lee', 1), T0).tracked;
  if (acknowledgedAlert.alert.kind !== 'egress') throw new Error('It is another alert');
  book.revise({ ...tracked, alert: acknowledgedAlert.alert });
  const worse = finding({ id: 'f-2', severity: 'critical' });
  const joined = absorb(book, { finding: worse, ledger: { seq: 2, hash: '2' } }, context).alert;
  expect(joined).toMatchObject({ count: 2, severity: 'critical', handling: { acknowledged: { by: 'lee' } } });

  const judged = handle({ ...tracked, alert: joined }, closed('authorised', 2), T0).tracked;
  if (judged.alert.kind !== 'egress') throw new Error('It is another alert');
  book.revise({ ...tracked, alert: judged.alert });
  const next = absorb(book, { finding: finding({ id: 'f-3' }), ledger: { seq: 3, hash: '3' } }, context);
  expect(next.notice?.kind).toBe('opened');
  expect(next.alert.id).not.toBe(joined.id);
  expect(next.alert).not.toHaveProperty('handling');
});

test('an alert about the watch itself can be acknowledged', () => {
  const tracked: TrackedAlert = {
    alert: conditionAlert(),
    told: { count: 1, severity: 'medium', atMs: T0 },
    openedMs: T0,
    touchedMs: T0,
  };
  const { told, alert } = after(tracked, acknowledged('lee', 1));
  expect(told).toEqual(['updated acknowledged .open.1.1']);
  expect(alert).toMatchObject({ kind: 'condition', state: 'open', handling: { acknowledged: { by: 'lee' } } });
});
