import { expect, test } from 'vitest';
import { decideNotice, eventId, stronger } from '../../src/alerts/notice.ts';

const told = { count: 4, severity: 'medium', claim: 'attempted' } as const;

test.each([
  [
    { count: 5, severity: 'high', claim: 'attempted' },
    { kind: 'send', because: 'more-severe' },
  ],
  [
    { count: 5, severity: 'medium', claim: 'accessed' },
    { kind: 'send', because: 'stronger-claim' },
  ],
  [
    { count: 8, severity: 'medium', claim: 'attempted' },
    { kind: 'send', because: 'count-doubled' },
  ],
  [
    { count: 9, severity: 'medium', claim: 'attempted' },
    { kind: 'send', because: 'count-doubled' },
  ],
  [
    { count: 7, severity: 'medium', claim: 'attempted' },
    { kind: 'hold', because: 'below-next-power-of-two' },
  ],
  [
    { count: 4, severity: 'medium', claim: 'attempted' },
    { kind: 'hold', because: 'nothing-new' },
  ],
] as const)('of %o, where 4 medium attempts were told, the decision is %o', (now, decision) => {
  expect(decideNotice(now, told)).toEqual(decision);
});

test('telling the rest in between does not move the next threshold', () => {
  const now = { severity: 'medium', claim: 'attempted' } as const;
  const toldAtFive = { ...now, count: 5 };
  expect(decideNotice({ ...now, count: 7 }, toldAtFive).kind).toBe('hold');
  expect(decideNotice({ ...now, count: 8 }, toldAtFive).kind).toBe('send');
});

test('a delivery proves more than an access, an access more than an attempt, an attempt more than a pattern', () => {
  expect(stronger('accessed', 'delivered')).toBe('delivered');
  expect(stronger('accessed', 'attempted')).toBe('accessed');
  expect(stronger('indicator', 'attempted')).toBe('attempted');
});

test('an event is named by what the alert itself shows', () => {
  expect(eventId({ id: 'a-1', state: 'updated', count: 8 })).toBe('a-1.updated.8');
});
