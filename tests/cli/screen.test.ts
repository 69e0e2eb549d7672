import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { screenOn } from '../../src/cli/io.ts';

afterEach(() => vi.unstubAllEnvs());

function terminal(columns: number) {
  return Object.assign(new PassThrough(), { isTTY: true, columns });
}

test('a terminal gives its width, prose within what can be read', () => {
  vi.stubEnv('NO_COLOR', '');
  expect(screenOn(terminal(80))).toMatchObject({ width: 80, listWidth: 80 });
  expect(screenOn(terminal(200))).toMatchObject({ width: 120, listWidth: 200 });
  expect(screenOn(terminal(20))).toMatchObject({ width: 40, listWidth: 40 });
  expect(screenOn(terminal(80)).paint.bad('high')).toBe('\u001b[1m\u001b[31mhigh\u001b[39m\u001b[22m');
});

test('where a program may read, lists are one row a line and nothing is coloured', () => {
  vi.stubEnv('NO_COLOR', '');
  const screen = screenOn(new PassThrough());
  expect(screen).toMatchObject({ width: 100, listWidth: Number.POSITIVE_INFINITY });
  expect(screen.paint.bad('high')).toBe('high');
});

test('NO_COLOR turns colours off and nothing else', () => {
  vi.stubEnv('NO_COLOR', '1');
  const screen = screenOn(terminal(80));
  expect(screen.width).toBe(80);
  expect(screen.paint.bad('high')).toBe('high');
});
