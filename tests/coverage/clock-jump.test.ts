import { expect, test } from 'vitest';
import { jumpBetween } from '../../src/coverage/clock-jump.ts';

const reading = (wallMs: number, steadyMs: number) => ({ wallMs, steadyMs });

test.each([
  ['both went alike', reading(100_000, 500), reading(160_000, 60_500), undefined],
  ['a clock that is slewed', reading(100_000, 0), reading(164_999, 60_000), undefined],
  [
    'set forward, or asleep, for five seconds',
    reading(100_000, 0),
    reading(165_000, 60_000),
    { kind: 'clock-forward', fromMs: 160_000, untilMs: 165_000 },
  ],
  [
    'set back by an hour',
    reading(10_000_000, 0),
    reading(6_400_200, 200),
    { kind: 'clock-backward', fromMs: 6_400_200, untilMs: 10_000_200 },
  ],
])('%s', (_, before, now, jump) => {
  expect(jumpBetween(before, now)).toEqual(jump);
});
