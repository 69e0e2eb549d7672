import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExportReader, type JournalEntry } from '../../../src/sources/journald/export-format.ts';

function entriesOf(pieces: readonly Buffer[], maxValueBytes?: number): readonly object[] {
  const reader = new ExportReader(maxValueBytes);
  return pieces.flatMap((piece) => reader.push(piece)).map(shown);
}

function shown({ fields, cut }: JournalEntry): object {
  return { ...Object.fromEntries(fields), ...(cut && { cut }) };
}

function binary(name: string, value: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(value.length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')]);
}

test('text, multi-line and binary fields are read, each once', () => {
  const stream = Buffer.concat([
    Buffer.from('__CURSOR=s=1;i=2\nMESSAGE=a=b\nMESSAGE=again\n\n'),
    Buffer.from('__CURSOR=s=1;i=3\n'),
    binary('MESSAGE', Buffer.from('two\nlines\n')),
    binary('_COMM', Buffer.from([0x66, 0xff, 0x00, 0x6f])),
    binary('EMPTY', Buffer.alloc(0)),
    Buffer.from('\n'),
  ]);
  expect(entriesOf([stream])).toEqual([
    { __CURSOR: 's=1;i=2', MESSAGE: 'a=b' },
    { __CURSOR: 's=1;i=3', MESSAGE: 'two\nlines\n', _COMM: 'f\ufffd\0o', EMPTY: '' },
  ]);
});

test('an entry without its end is none yet, and what is no field is passed over', () => {
  expect(entriesOf([Buffer.from('MESSAGE=begun\n')])).toEqual([]);
  expect(entriesOf([Buffer.from('-- No entries --\nMESSAGE=x\n\n')])).toEqual([{ MESSAGE: 'x' }]);
});

test('a value over the limit is cut, whichever way it is written, and the next entry is whole', () => {
  const stream = Buffer.concat([
    Buffer.from('A=123456\nMESSAGE=1234567\n\n'),
    binary('MESSAGE', Buffer.from('12345\n7')),
    Buffer.from('\nMESSAGE=next\n\n'),
  ]);
  expect(entriesOf([stream], 6)).toEqual([
    { A: '123456', MESSAGE: '123456', cut: true },
    { MESSAGE: '12345\n', cut: true },
    { MESSAGE: 'next' },
  ]);
});

test('what was written is read, wherever the stream is cut', () => {
  const name = fc.stringMatching(/^[A-Z_]{1,8}$/);
  const value = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes));
  const entry = fc.uniqueArray(fc.tuple(name, value), { selector: ([it]) => it, minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 20 }), (entries, places) => {
      const parts = entries.map((fields) =>
        Buffer.concat([...fields.map(([it, bytes]) => written(it, bytes)), Buffer.from('\n')]),
      );
      const stream = Buffer.concat(parts);
      const ends = [...new Set(places.map((it) => it % (stream.length + 1)))].sort((one, other) => one - other);
      const pieces = [0, ...ends].map((start, index) => stream.subarray(start, ends[index]));
      expect(entriesOf(pieces)).toEqual(
        entries.map((fields) => Object.fromEntries(fields.map(([it, bytes]) => [it, bytes.toString('utf8')]))),
      );
    }),
    { numRuns: 1_000 },
  );
});

/** As journald writes it: a value with control characters goes as binary. */
function written(name: string, value: Buffer): Buffer {
  const isText = !value.some((byte) => byte < 32);
  return isText ? Buffer.concat([Buffer.from(`${name}=`), value, Buffer.from('\n')]) : binary(name, value);
}
