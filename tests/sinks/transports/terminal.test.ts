import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { TerminalTransport } from '../../../src/sinks/transports/terminal.ts';

const unhurried = new AbortController().signal;

/** A stream that hands a chunk on when the test says so, or fails as the test says. */
function streamByHand() {
  const written: string[] = [];
  let finish: ((error?: Error) => void) | undefined;
  const stream = new Writable({
    highWaterMark: 4,
    write: (chunk, _encoding, callback) => {
      written.push(String(chunk));
      finish = callback;
    },
  });
  return { stream, written, finish: (error?: Error): void => finish?.(error) };
}

test('alerts are stored once the stream has handed them on', async () => {
  const { stream, written, finish } = streamByHand();
  let verdict: unknown;
  const sending = new TerminalTransport(stream).send(['one\n', 'two\n'], unhurried).then((it) => {
    verdict = it;
  });
  await new Promise(setImmediate);
  expect([written, verdict]).toEqual([['one\ntwo\n'], undefined]);
  finish();
  await sending;
  expect(verdict).toEqual({ kind: 'stored' });
});

test('a reader that has gone is a verdict, now and at the next alert, not a crash', async () => {
  const { stream, finish } = streamByHand();
  const transport = new TerminalTransport(stream);
  const sending = transport.send(['one\n'], unhurried);
  finish(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(await sending).toEqual({ kind: 'never', because: 'nobody reads the output any more (EPIPE)' });
  await transport.close();
  expect(await transport.send(['two\n'], unhurried)).toMatchObject({ kind: 'never' });
});

test('any other failure is tried again', async () => {
  const { stream, finish } = streamByHand();
  const sending = new TerminalTransport(stream).send(['one\n'], unhurried);
  finish(Object.assign(new Error('write EIO'), { code: 'EIO' }));
  expect(await sending).toEqual({ kind: 'again', because: 'EIO' });
});

test('a stream that never drains does not hold up the end', async () => {
  const { stream } = streamByHand();
  const patience = new AbortController();
  const sending = new TerminalTransport(stream).send(['one\n'], patience.signal);
  patience.abort();
  expect(await sending).toEqual({ kind: 'again', because: 'stopped' });
});

test('the stream is left open and without listeners of ours', async () => {
  const { stream } = streamByHand();
  const transport = new TerminalTransport(stream);
  await transport.close();
  expect([stream.destroyed, stream.listenerCount('error')]).toEqual([false, 0]);
});
