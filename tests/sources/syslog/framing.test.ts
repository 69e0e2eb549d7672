import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, Framer } from '../../../src/sources/syslog/framing.ts';

/** `!` before what is only the beginning of a message. */
function shown(frames: readonly Frame[]): readonly string[] {
  return frames.map(({ bytes, cut }) => `${cut ? '!' : ''}${bytes.toString('latin1')}`);
}

/** What comes out of a stream that arrives in these pieces, and then ends. */
function framesOf(pieces: readonly (string | Buffer)[], maxMessageBytes?: number): readonly string[] {
  const framer = new Framer(maxMessageBytes);
  const frames = pieces.flatMap((piece) => framer.push(Buffer.from(piece as string, 'latin1')));
  const last = framer.end();
  return shown(last === undefined ? frames : [...frames, last]);
}

test.each([
  ['lines', '<38>one\n<38>two\n', ['<38>one', '<38>two']],
  ['lines ended by CR LF', '<38>one\r\n<38>two\r\n', ['<38>one', '<38>two']],
  ['a last line without its end', '<38>one\n<38>two', ['<38>one', '<38>two']],
  ['empty lines', '\n\n<38>one\n\n', ['<38>one']],
  ['counted messages', '7 <38>one7 <38>two', ['<38>one', '<38>two']],
  ['counted messages that hold line ends', '11 <38>one\ntwo5 <1>xy', ['<38>one\ntwo', '<1>xy']],
  ['counted messages with an LF behind each', '7 <38>one\n7 <38>two\n', ['<38>one', '<38>two']],
  ['counted messages that end with a counted LF', '8 <38>one\n8 <38>two\n', ['<38>one\n', '<38>two\n']],
  ['messages ended by LF and NUL', '<38>one\n\0<38>two\n\0', ['<38>one', '<38>two']],
  ['both framings in one stream', '<38>one\n7 <38>two<38>three\n', ['<38>one', '<38>two', '<38>three']],
  ['counted messages without priority', '3 one3 two', ['one', 'two']],
  ['lines that begin with a number', 'one\n200 GET /\n404 GET /\n', ['one', '200 GET /', '404 GET /']],
  ['lines that begin with a decimal time', '1764042486.123 151 10.1.2.3\n', ['1764042486.123 151 10.1.2.3']],
  ['lines that begin with zero', '007 is no count\n', ['007 is no count']],
  ['a count that nobody means', '999999999 <38>one\n<38>two\n', ['999999999 <38>one', '<38>two']],
  ['a count without a message', '12 ', []],
  ['a counted message that breaks off', '7 <38>one7 <38>t', ['<38>one', '!<38>t']],
])('a stream of %s gives its messages', (_, stream, expected) => {
  expect(framesOf([stream])).toEqual(expected);
  expect(framesOf(stream.split(''))).toEqual(expected);
});

test('a message over the limit is cut, and the next one is found again', () => {
  expect(framesOf(['<1>abcdef\n<1>gh\n'], 6)).toEqual(['!<1>abc', '<1>gh']);
  expect(framesOf(['9 <1>abcdef5 <1>gh'], 6)).toEqual(['!<1>abc', '<1>gh']);
  expect(framesOf(['7 <1>abcd5 <1>gh'], 6)).toEqual(['!<1>abc', '<1>gh']);
  expect(framesOf(['6 <1>abc5 <1>gh'], 6)).toEqual(['<1>abc', '<1>gh']);
});

test('a message that is waited for no longer is handed on as far as it came, and its rest is skipped', () => {
  const framer = new Framer();
  expect(framer.push(Buffer.from('<1>begun'))).toEqual([]);
  expect(framer.heldBytes).toBe(8);
  expect(shown([framer.cutShort()].flatMap((it) => it ?? []))).toEqual(['!<1>begun']);
  expect(framer.heldBytes).toBe(0);
  expect(shown(framer.push(Buffer.from(' and ended\n<1>next\n')))).toEqual(['<1>next']);
});

const text = fc.uint8Array({ maxLength: 40 }).map((bytes) =>
  Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\r\n\0]/g, '.'),
);
const message = fc.record({ text: text.map((it) => `<13>${it}`), counted: fc.boolean() });
const cuts = fc.array(fc.nat(), { maxLength: 30 });

function inPieces(stream: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((it) => it % (stream.length + 1)))].sort((one, other) => one - other);
  return [0, ...ends].map((start, index) => stream.slice(start, ends[index]));
}

test('messages come out as they went in, however they are framed and wherever the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), cuts, (messages, places) => {
      const stream = messages.map((it) => (it.counted ? `${it.text.length} ${it.text}` : `${it.text}\n`)).join('');
      expect(framesOf(inPieces(stream, places))).toEqual(messages.map((it) => it.text));
    }),
    { numRuns: 2_000 },
  );
});

test('whatever bytes come, the pieces they come in change nothing, and no more than the limit is held', () => {
  const rubbish = fc.oneof(
    fc.constantFrom('\n', '\0', '9', '12 ', '999999999 ', '<38>', '5 <', 'abcdefgh'),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  fc.assert(
    fc.property(fc.array(rubbish, { maxLength: 30 }), cuts, (parts, places) => {
      const stream = parts.join('');
      expect(framesOf(inPieces(stream, places), 9)).toEqual(framesOf([stream], 9));
      const framer = new Framer(9);
      for (const byte of Buffer.from(stream, 'latin1')) {
        framer.push(Buffer.from([byte]));
        expect(framer.heldBytes).toBeLessThanOrEqual(9);
      }
    }),
    { numRuns: 2_000 },
  );
});
