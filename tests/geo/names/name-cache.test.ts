import { expect, test } from 'vitest';
import { NameCache } from '../../../src/geo/names/name-cache.ts';
import type { Resolution } from '../../../src/geo/names/resolution.ts';

const T0 = Date.UTC(2026, 10, 25);
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A cache over a resolver that answers when the test says so. */
function byHand(kind: 'answered' | 'failed' | 'none' = 'answered') {
  const asked: string[] = [];
  const pending: (() => void)[] = [];
  const state = { nowMs: T0, kind };
  const resolve = (name: string): Promise<Resolution> => {
    asked.push(name);
    const of = { atMs: state.nowMs, by: '192.0.2.53' };
    const resolution: Resolution =
      state.kind === 'answered'
        ? { ...of, kind: 'answered', addresses: ['203.0.113.9'] }
        : state.kind === 'none'
          ? { ...of, kind: 'none' }
          : { ...of, kind: 'failed', because: 'x' };
    return new Promise((done) => pending.push(() => done(resolution)));
  };
  const cache = new NameCache(resolve, () => state.nowMs);
  const answerAll = async () => {
    while (pending.length > 0) {
      for (const done of pending.splice(0)) done();
      await new Promise((later) => setImmediate(later));
    }
    await cache.settled();
  };
  return { cache, asked, state, answerAll, pending };
}

test('the first line does not wait and knows nothing; later ones know', async () => {
  const { cache, asked, answerAll } = byHand();
  expect(cache.find('acme.example', T0)).toBeUndefined();
  expect(cache.find('acme.example', T0)).toBeUndefined();
  expect(asked).toEqual(['acme.example']);
  await answerAll();
  expect(cache.find('acme.example', T0)).toMatchObject({ kind: 'answered', addresses: ['203.0.113.9'], atMs: T0 });
});

test('an answer in use is renewed after an hour, and holds meanwhile', async () => {
  const { cache, asked, state, answerAll } = byHand();
  cache.find('acme.example', T0);
  await answerAll();
  state.nowMs = T0 + HOUR_MS - 1;
  cache.find('acme.example', state.nowMs);
  expect(asked).toHaveLength(1);
  state.nowMs = T0 + HOUR_MS;
  expect(cache.find('acme.example', state.nowMs)?.atMs).toBe(T0);
  expect(asked).toHaveLength(2);
  await answerAll();
  expect(cache.find('acme.example', state.nowMs)?.atMs).toBe(T0 + HOUR_MS);
});

test('a line of another day is not judged by the answer of today', async () => {
  const { cache, answerAll } = byHand();
  cache.find('acme.example', T0);
  await answerAll();
  expect(cache.find('acme.example', T0 - 24 * HOUR_MS)).toBeDefined();
  expect(cache.find('acme.example', T0 - 24 * HOUR_MS - 1)).toBeUndefined();
  expect(cache.find('acme.example', T0 + 24 * HOUR_MS + 1)).toBeUndefined();
});

test.each(['none', 'failed'] as const)(
  'a name of which nothing was found (%s) is asked for again after five minutes',
  async (kind) => {
    const { cache, asked, state, answerAll } = byHand(kind);
    cache.find('acme.example', T0);
    await answerAll();
    state.nowMs = T0 + 5 * MINUTE_MS - 1;
    expect(cache.find('acme.example', state.nowMs)?.kind).toBe(kind);
    expect(asked).toHaveLength(1);
    state.nowMs += 1;
    cache.find('acme.example', state.nowMs);
    expect(asked).toHaveLength(2);
  },
);

test('an outage takes nothing away, and does not ask more often than every five minutes', async () => {
  const { cache, asked, state, answerAll } = byHand();
  cache.find('acme.example', T0);
  await answerAll();
  state.nowMs = T0 + HOUR_MS;
  state.kind = 'failed';
  cache.find('acme.example', state.nowMs);
  await answerAll();
  expect(cache.find('acme.example', state.nowMs)).toMatchObject({ kind: 'answered', atMs: T0 });
  expect(asked).toHaveLength(2);
});

test('however many names a log holds, few are asked for at once and not all are waited for', async () => {
  const { cache, asked, pending, answerAll } = byHand();
  for (let at = 0; at < 5_000; at++) cache.find(`host${at}.example`, T0);
  expect(pending).toHaveLength(8);
  await answerAll();
  expect(asked).toHaveLength(8 + 1_024);
});

test('what cannot be a name is never asked for', () => {
  const { cache, asked } = byHand();
  for (const host of ['', '.', 'a b.example', '192.0.2.1', '-x.example', 'x'.repeat(254), 'exa\u0000mple'])
    cache.find(host, T0);
  expect(asked).toEqual([]);
});
