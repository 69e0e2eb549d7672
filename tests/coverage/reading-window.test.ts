import { expect, test } from 'vitest';
import { EMPTY_WINDOW, gather, slide, totals } from '../../src/coverage/reading-window.ts';

test('the window holds a thousand lines and little more, however they come', () => {
  for (const [size, most] of [
    [1, 1_100],
    [30, 1_200],
    [700, 1_700],
    [5_000, 5_000],
  ] as const) {
    let window = EMPTY_WINDOW;
    for (let lines = 0; lines < 20_000; lines += size) window = slide(window, { parsed: size, unreadable: 0 }, []);
    expect(totals(window).parsed).toBeGreaterThanOrEqual(1_000);
    expect(totals(window).parsed).toBeLessThanOrEqual(most);
    expect(window.buckets.length).toBeLessThanOrEqual(12);
  }
});

test('what was unreadable long ago is forgotten', () => {
  let window = slide(EMPTY_WINDOW, { parsed: 0, unreadable: 500 }, []);
  expect(totals(window)).toEqual({ parsed: 0, unreadable: 500 });
  for (let batch = 0; batch < 10; batch++) window = slide(window, { parsed: 200, unreadable: 0 }, []);
  expect(totals(window)).toEqual({ parsed: 1_000, unreadable: 0 });
});

test('of a run that ends nothing is forgotten', () => {
  let window = gather(EMPTY_WINDOW, { parsed: 0, unreadable: 500 }, ['first']);
  for (let batch = 0; batch < 10; batch++) window = gather(window, { parsed: 5_000, unreadable: 0 }, []);
  expect(window).toEqual({ buckets: [{ parsed: 50_000, unreadable: 500 }], samples: ['first'] });
});

test('the latest twenty samples are kept, and none that is too long', () => {
  const texts = Array.from({ length: 25 }, (_, index) => `line ${index}`);
  const { samples } = slide(slide(EMPTY_WINDOW, { parsed: 0, unreadable: 25 }, texts), { parsed: 0, unreadable: 1 }, [
    'x'.repeat(20_000),
  ]);
  expect(samples).toEqual(texts.slice(5));
});
