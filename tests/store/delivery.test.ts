import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeNative } from '../../src/sinks/encoders/native.ts';
import { OutboxDispatcher } from '../../src/sinks/outbox.ts';
import type { OutboxQueue } from '../../src/sinks/queue.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import { FileTransport } from '../../src/sinks/transports/file.ts';
import { openStore } from '../../src/store/store.ts';
import { finding } from '../alerts/findings.ts';
import { clockByHand } from '../sinks/by-hand.ts';
import { recorder } from './recording.ts';
import { scratch } from './scratch.ts';

const patient = new AbortController().signal;

function deliver(queue: OutboxQueue, path: string): OutboxDispatcher {
  const sink: Sink = {
    name: 'file',
    minSeverity: 'info',
    encode: encodeNative,
    transport: new FileTransport({ path, lineBegins: '{"id":"a-', keep: 10 }),
  };
  return new OutboxDispatcher(queue, [sink], { clock: clockByHand(), random: () => 1, report: () => {} });
}

test('an agent that is killed between writing and acknowledging writes each alert once all the same', async () => {
  using directory = scratch();
  const path = join(directory.path, 'alerts.ndjson');
  const state = join(directory.path, 'state');
  const store = openStore(state, () => 1);
  recorder(store, 1).record([finding({ id: 'f-1' }), finding({ id: 'f-2' })]);
  const lines = store.outbox.next('file', 10).map(({ alert }) => encodeNative(alert));

  const written = new Promise<void>((resolve) => {
    const neverAcknowledged: OutboxQueue = {
      ...store.outbox,
      delivered: () => {
        resolve();
        throw new Error('killed');
      },
    };
    deliver(neverAcknowledged, path).start();
  });
  await written;
  expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
  store.close();

  const reopened = openStore(state, () => 2);
  recorder(reopened, 2).record([finding({ id: 'f-3', dedupeKey: 'other' })]);
  const dispatcher = deliver(reopened.outbox, path);
  dispatcher.start();
  await dispatcher.drain(patient);
  await dispatcher.stop();
  const ids = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ dedupeKey, state: alertState, count }) => [dedupeKey, alertState, count]);
  expect(ids).toEqual([
    [finding().dedupeKey, 'open', 1],
    [finding().dedupeKey, 'updated', 2],
    ['other', 'open', 1],
  ]);
  expect(reopened.queries.statusCounts().sinks).toContainEqual({
    sink: 'file',
    waiting: 0,
    delivered: 3,
    refused: 0,
    dropped: 0,
  });
  reopened.close();
});
