import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SplitFrom, splitLines } from '../../../src/sources/file/split-lines.ts';
import type { Line } from '../../../src/sources/line.ts';

const options = {
  source: 's',
  path: '/p',
  writtenBeforeMs: 7,
  encoding: 'utf-8' as const,
  maxLines: Infinity,
  maxBytes: Infinity,
};
const start: SplitFrom = { offset: 0, withinLine: false };

function texts(bytes: Buffer, maxLineBytes = 100, last = false): readonly string[] {
  return splitLines(bytes, start, { ...options, maxLineBytes, last }).lines.map(({ text }) => text);
}

test('LF and CRLF end a line, a lone CR does not, and empty lines are lines', () => {
  expect(texts(Buffer.from('a\r\nb\rc\n\n\r\nd'))).toEqual(['a', 'b\rc', '', '']);
});

test('an unterminated last line is a line only when nothing follows', () => {
  expect(texts(Buffer.from('a\nb\r'))).toEqual(['a']);
  expect(texts(Buffer.from('a\nb\r'), 100, true)).toEqual(['a', 'b\r']);
});

test('NUL bytes survive, and a line that is no UTF-8 is Latin-1', () => {
  expect(texts(Buffer.from([0x61, 0x00, 0xff, 0x62, 0x0a, 0xc3, 0xa9, 0x0a]))).toEqual(['a\0ÿb', 'é']);
});

test('a line says where it stands and in which file', () => {
  const { lines } = splitLines(Buffer.from('one\r\ntwo\n'), start, { ...options, maxLineBytes: 100, last: false });
  // printf one | sha256sum
  const file = '7692c3ad3540bb80';
  expect(lines).toEqual([
    { source: 's', text: 'one', place: { file, offset: 0, bytes: 5 }, path: '/p', writtenBeforeMs: 7, cut: false },
    { source: 's', text: 'two', place: { file, offset: 5, bytes: 4 }, path: '/p', writtenBeforeMs: 7, cut: false },
  ]);
});

test('the lines do not depend on where the pieces of a file begin and end', () => {
  const bytes = fc
    .array(fc.constantFrom(0x0a, 0x0a, 0x0d, 0x23, 0x31, 0x61, 0x62, 0xc3, 0xa9, 0x00), { maxLength: 80 })
    .map((it) => Buffer.from(it));
  fc.assert(
    fc.property(bytes, fc.array(fc.integer({ min: 1, max: 9 })), fc.integer({ min: 1, max: 6 }), (all, sizes, max) => {
      const whole = splitLines(all, start, { ...options, maxLineBytes: max, last: true }).lines;
      const pieces: Line[] = [];
      let from = start;
      let end = 0;
      for (const size of [...sizes, all.length]) {
        end = Math.min(all.length, end + size);
        const last = end === all.length;
        const result = splitLines(all.subarray(from.offset, end), from, { ...options, maxLineBytes: max, last });
        pieces.push(...result.lines);
        const { withinLine, contentId } = result;
        from = { offset: from.offset + result.used, withinLine, ...(contentId !== undefined && { contentId }) };
        if (last) break;
      }
      expect(pieces).toEqual(whole);
    }),
  );
});

test('splitting keeps every byte: lines, terminators and what was cut add up', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', 'é'), { maxLength: 60 }), (parts) => {
      const all = Buffer.from(parts.join(''));
      const { lines } = splitLines(all, start, { ...options, maxLineBytes: 1_000, last: true });
      expect(lines.map(({ place }) => all.toString('utf8', place.offset, place.offset + place.bytes)).join('')).toBe(
        all.toString(),
      );
    }),
  );
});
