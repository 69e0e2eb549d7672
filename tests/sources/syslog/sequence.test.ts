import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropsIn } from '../../../src/sources/syslog/kernel-drops.ts';
import { SequenceWatch, sequenceIdOf } from '../../../src/sources/syslog/sequence.ts';

const LATER_MS = 2_000;

/** What is lost of one sender whose ids come so, all at once. */
function lostOf(ids: readonly number[]): number {
  const watch = new SequenceWatch();
  for (const id of ids) watch.note('gw7', id, 0);
  expect(watch.takeLosses(LATER_MS - 1)).toEqual([]);
  const losses = watch.takeLosses(LATER_MS);
  expect(watch.takeLosses(LATER_MS)).toEqual([]);
  return losses.reduce((sum, { count }) => sum + count, 0);
}

test.each([
  ['nothing', [5, 6, 7], 0],
  ['one in between', [5, 7], 1],
  ['two gaps', [1, 4, 5, 9], 5],
  ['none of those that came late', [5, 8, 7, 6, 9], 0],
  ['those of a gap that did not come late', [5, 9, 7], 2],
  ['nothing at an echo', [5, 6, 6, 5, 7], 0],
  ['nothing when the sender begins anew', [900, 901, 1, 2], 0],
  ['nothing when it begins anew a little later', [900, 901, 3, 4], 0],
  ['nothing where ids begin again', [2_147_483_646, 2_147_483_647, 1, 2], 0],
  ['nothing at a leap that can be no loss', [1, 5_000_000, 5_000_001], 0],
])('lost is %s', (_, ids, expected) => {
  expect(lostOf(ids)).toBe(expected);
});

test('whatever subset of messages comes, in nearly any order, as many are lost as did not come', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 2, max: 60 }), { maxLength: 60 }), (drawn) => {
      // The first and the last come where they belong, so that all others are expected.
      expect(lostOf([1, 61, ...drawn])).toBe(59 - drawn.length);
    }),
  );
});

test('senders are told apart, and no more than 256 are remembered', () => {
  const watch = new SequenceWatch();
  for (let host = 0; host < 300; host++) watch.note(`h${host}`, 7, 0);
  expect(Object.keys(watch.next)).toHaveLength(256);
  expect(watch.next).toMatchObject({ h299: 8, h44: 8 });
  watch.note('h299', 10, 0);
  watch.note('h298', 8, 0);
  expect(watch.takeLosses(LATER_MS)).toEqual([{ origin: 'h299', count: 2 }]);
});

test.each([
  ['<38>1 2026-11-25T22:00:00Z gw7 sshd 1 - [meta sequenceId="29"] text', { host: 'gw7', id: 29 }],
  ['<38>1 - gw7 - - - [x@1 a="]\\""][meta language="en" sequenceId="29" x="y"]', { host: 'gw7', id: 29 }],
  ['<38>1 - gw7 - - - [x@1 a="1"] [meta sequenceId="29"]', undefined],
  ['<38>1 - gw7 - - - - [meta sequenceId="29"]', undefined],
  ['<38>1 - gw7 - - - [meta sequenceId="0"]', undefined],
  ['<38>1 - gw7 - - - [meta sequenceId="2147483648"]', undefined],
  ['<38>Nov 25 22:00:00 gw7 sshd[1]: [meta sequenceId="29"]', undefined],
])('the sequence id of %s', (text, expected) => {
  expect(sequenceIdOf(text)).toEqual(expected);
});

/** From `cat /proc/net/udp /proc/net/udp6` with sockets at 127.0.0.1:5514 and [::1]:5515. */
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  351: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 24013 2 0000000000000000 1234
  352: 00000000000000000000000001000000:158B 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 24014 2 0000000000000000 7
`;

test("the kernel's count of dropped datagrams is found by address and port", () => {
  expect(dropsIn(TABLE, '127.0.0.1', 5514)).toBe(1234);
  expect(dropsIn(TABLE, '::1', 5515)).toBe(7);
  expect(dropsIn(TABLE, '127.0.0.1', 5515)).toBeUndefined();
  expect(dropsIn('', '0.0.0.0', 5514)).toBeUndefined();
});
