import { expect, test } from 'vitest';
import { compileTimePattern } from '../../src/time/strftime.ts';

const WALL = Date.UTC(2026, 10, 4, 16, 4, 55);

function read(pattern: string, text: string) {
  const compiled = compileTimePattern(pattern);
  if (!('pattern' in compiled)) throw new Error(compiled.because);
  return { length: compiled.pattern.length, ...compiled.pattern.read(`>${text}`, 1) };
}

test('Patterns of logs are read back, with the length that all their readings have', () => {
  expect(read('%d/%b/%Y:%H:%M:%S %z', '04/Nov/2026:16:04:55 -0500')).toEqual({
    length: 26,
    wallMs: WALL,
    offsetMs: -18_000_000,
  });
  expect(read('%Y-%m-%dT%H:%M:%S', '2026-11-04T16:04:55')).toEqual({ length: 19, wallMs: WALL });
  expect(read('%F %T', '2026-11-04 16:04:55')).toEqual({ length: 19, wallMs: WALL });
  expect(read('%c', 'Wed Nov  4 16:04:55 2026')).toEqual({ length: 24, wallMs: WALL });
  expect(read('%m/%d/%Y %I:%M:%S %p', '11/04/2026 04:04:55 PM')).toEqual({ length: 22, wallMs: WALL });
  expect(read('%m/%d/%Y %I:%M %p', '11/04/2026 12:04 AM')).toEqual({ length: 19, wallMs: Date.UTC(2026, 10, 4, 0, 4) });
});

test('Text that does not fit the pattern is nothing', () => {
  expect(read('%F %T', '2026-11-04T16:04:55')).toEqual({ length: 19 });
  expect(read('%F %T', '2026-11-31 16:04:55')).toEqual({ length: 19 });
  expect(read('%d/%b/%Y:%H:%M:%S', '04/Foo/2026:16:04:55')).toEqual({ length: 20 });
  expect(read('%F %T', '2026')).toEqual({ length: 19 });
});

test('Patterns that cannot be read back say why', () => {
  expect(compileTimePattern('%F %T %Z')).toEqual({ because: 'cannot read %Z back' });
  expect(compileTimePattern('%d/%b %H:%M:%S')).toEqual({ because: 'it does not tell the year' });
  expect(compileTimePattern('%F')).toEqual({ because: 'it does not tell the hour' });
  expect(compileTimePattern('%F %T%')).toEqual({ because: 'cannot read % back' });
});
