import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../../command.ts';
import { ADDRESS, closed, connected, createListener, listenByHand } from './by-hand.ts';

const MIB = 1024 * 1024;

test('messages of several senders become lines that are named by their number', async () => {
  const it = await listenByHand('tcp', {}, { nowMs: () => 1_795_645_560_123 });
  const one = await connected(it.port);
  one.write('<38>one\n7 <38>two');
  await it.until(() => it.lines.length === 2, 'two messages');
  const other = await connected(it.port, '127.0.0.2');
  other.write('<38>three\n');
  await it.until(() => it.lines.length === 3, 'the third');
  const { epoch } = JSON.parse(it.cursor() ?? '') as { epoch: string };
  expect(epoch).toMatch(/^[0-9a-f]{16}$/);
  const common = { source: 'appliance', writtenBeforeMs: 1_795_645_560_123, cut: false };
  expect(it.lines).toEqual([
    { ...common, text: '<38>one', place: { file: epoch, offset: 0, bytes: 7 }, path: '127.0.0.1' },
    { ...common, text: '<38>two', place: { file: epoch, offset: 1, bytes: 7 }, path: '127.0.0.1' },
    { ...common, text: '<38>three', place: { file: epoch, offset: 2, bytes: 9 }, path: '127.0.0.2' },
  ]);
});

test('numbers go on after a restart, and no two messages ever have the same', async () => {
  const before = await listenByHand('tcp');
  (await connected(before.port)).write('a\nb\n');
  await before.until(() => before.lines.length === 2, 'two messages');
  await before.listener.close();
  const cursor = before.cursor();
  const after = await listenByHand('tcp', {}, { ...(cursor !== undefined && { cursor }) });
  (await connected(after.port)).write('c\n');
  await after.until(() => after.lines.length === 1, 'the third message');
  expect(after.lines[0]?.place).toEqual({ file: before.lines[0]?.place.file, offset: 2, bytes: 1 });
});

test('what was not stored is given again under the same numbers', async () => {
  const it = await listenByHand('tcp');
  (await connected(it.port)).write('a\nb\nc\n');
  await it.until(() => it.lines.length === 3, 'three messages');
  (await connected(it.port)).write('d\ne\n');
  const first = await eventually(
    async () => {
      const batch = await it.listener.read();
      it.listener.rewind();
      return batch.lines.length === 2 ? batch : undefined;
    },
    10_000,
    'two more',
  );
  const second = await it.listener.read();
  it.listener.committed();
  expect(second.lines).toEqual(first.lines);
  expect(second.lines.map(({ place }) => place.offset)).toEqual([3, 4]);
  expect((await it.listener.read()).lines).toEqual([]);
});

test('senders are held back while the queue is full, and nothing of what they sent is lost', async () => {
  const it = await listenByHand('tcp', {}, { queueBytes: 64 * 1024 });
  const sender = await connected(it.port);
  const count = 60_000;
  const sent = Array.from({ length: count }, (_, index) => `<38>${index} ${'x'.repeat(300)}\n`).join('');
  sender.write(sent);
  await eventually(
    async () => (sender.bytesWritten > 64 * 1024 ? true : undefined),
    10_000,
    'the first bytes to be written',
  );
  // Nothing is read meanwhile, so the kernel's buffers fill and most of it stays with the sender.
  for (let turn = 0; turn < 200; turn++) await nextTurn();
  expect(sender.writableLength).toBeGreaterThan(sent.length / 4);
  while (it.lines.length < count) await it.step();
  expect(it.texts().every((text, index) => text.startsWith(`<38>${index} `))).toBe(true);
});

test('a message over 1 MiB is cut and told of, and the next one is whole', async () => {
  const it = await listenByHand('tcp');
  const sender = await connected(it.port);
  sender.write(`<38>${'x'.repeat(3 * MIB)}\n<38>next\n`);
  await it.until(() => it.lines.length === 2, 'both messages');
  expect(it.lines[0]).toMatchObject({ cut: true, place: { offset: 0, bytes: MIB } });
  expect(it.lines[0]?.text.length).toBe(MIB);
  expect(it.lines[1]).toMatchObject({ text: '<38>next', cut: false });
  expect(it.events).toEqual([{ kind: 'line-cut', source: 'appliance', path: '127.0.0.1', offset: 0, keptBytes: MIB }]);
});

test('half a message is handed on as cut when its sender is gone, and as whole where only the line end is missing', async () => {
  const it = await listenByHand('tcp');
  const orderly = await connected(it.port);
  orderly.end('<38>without line end');
  await it.until(() => it.lines.length === 1, 'the message without line end');
  const counted = await connected(it.port);
  counted.end('900 <38>half of it');
  await it.until(() => it.lines.length === 2, 'the half message');
  const gone = await connected(it.port);
  gone.write('<38>torn');
  await it.step();
  await eventually(async () => (gone.bytesWritten === 8 ? true : undefined), 5_000, 'the bytes to leave');
  await it.step();
  gone.resetAndDestroy();
  await it.until(() => it.lines.length === 3, 'the torn message');
  expect(it.lines.map(({ text, cut }) => [text, cut])).toEqual([
    ['<38>without line end', false],
    ['<38>half of it', true],
    ['<38>torn', true],
  ]);
});

test('a message that does not end within a minute is handed on as far as it came', async () => {
  let nowMs = 0;
  const it = await listenByHand('tcp', {}, { nowMs: () => nowMs });
  const slow = await connected(it.port);
  slow.write('<38>one\n<38>begun');
  await it.until(() => it.lines.length === 1, 'the whole message');
  nowMs = 59_999;
  await it.step();
  expect(it.texts()).toEqual(['<38>one']);
  nowMs = 60_001;
  await it.until(() => it.lines.length === 2, 'the message that was begun');
  slow.write(' and ended\n<38>three\n');
  await it.until(() => it.lines.length === 3, 'the third message');
  expect(it.texts()).toEqual(['<38>one', '<38>begun', '<38>three']);
});

test('a count that nobody means is text, and what follows is found', async () => {
  const it = await listenByHand('tcp');
  (await connected(it.port)).write('999999999 rubbish\n<38>next\n');
  await it.until(() => it.lines.length === 2, 'both');
  expect(it.texts()).toEqual(['999999999 rubbish', '<38>next']);
});

test('a sender that is not on the list is turned away, and told of once', async () => {
  const it = await listenByHand('tcp', { allow: ['127.0.0.1/32', '::1/128'] });
  for (let attempt = 0; attempt < 5; attempt++) {
    const stranger = await connected(it.port, '127.0.0.9');
    stranger.write('<38>let me in\n');
    await closed(stranger);
  }
  (await connected(it.port)).write('<38>one\n');
  await it.until(() => it.lines.length === 1, 'the message that is allowed');
  expect(it.texts()).toEqual(['<38>one']);
  expect(it.events).toEqual([
    { kind: 'sender-refused', source: 'appliance', sender: '127.0.0.9', because: 'not-allowed' },
  ]);
});

test('thousands of connections of one sender leave room for others', { timeout: 60_000 }, async () => {
  const it = await listenByHand('tcp');
  const kept: Awaited<ReturnType<typeof connected>>[] = [];
  for (let round = 0; round < 20; round++)
    kept.push(...(await Promise.all(Array.from({ length: 100 }, () => connected(it.port, '127.0.0.9')))));
  await eventually(
    async () =>
      kept.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded).length === 64 ? true : undefined,
    30_000,
    'all but 64 to be closed',
  );
  (await connected(it.port)).write('<38>one\n');
  await it.until(() => it.lines.length === 1, 'the message of another sender');
  expect(it.events).toEqual([
    { kind: 'sender-refused', source: 'appliance', sender: '127.0.0.9', because: 'too-many-connections' },
  ]);
});

test('at the end, senders are asked to stop, and what they send until then is read', async () => {
  const it = await listenByHand('tcp');
  const sender = await connected(it.port);
  sender.write('<38>one\n');
  await it.until(() => it.lines.length === 1, 'the first message');
  sender.on('end', () => sender.end('<38>three\n'));
  sender.write('<38>two\n');
  it.listener.drain();
  sender.resume();
  const isDrained: boolean[] = [];
  await it.until(() => it.lines.length === 3, 'the rest');
  for (let idle = false; !idle; isDrained.push(idle)) idle = (await it.step()).idle;
  expect(it.texts()).toEqual(['<38>one', '<38>two', '<38>three']);
});

test('a sender that does not listen is reset in a pause, so that what it sends next fails instead of being lost', async () => {
  const it = await listenByHand('tcp');
  const deaf = await connected(it.port, ADDRESS, true);
  const errors: (string | undefined)[] = [];
  deaf.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code));
  deaf.write('<38>one\n');
  await it.until(() => it.lines.length === 1, 'the first message');
  it.listener.drain();
  const isClosed = closed(deaf);
  for (let idle = false; !idle; ) idle = (await it.step()).idle;
  await it.listener.close();
  deaf.resume();
  deaf.write('<38>two\n');
  await isClosed;
  expect(errors).toEqual([expect.stringMatching(/^(ECONNRESET|EPIPE)$/)]);
});

test('an address that is in use is told of once, and taken when it is free', async () => {
  let nowMs = 0;
  const first = await listenByHand('tcp');
  await expect(listenByHand('tcp', { port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const second = createListener('tcp', first.port, {}, {}, { nowMs: () => nowMs });
  const path = `tcp://127.0.0.1:${first.port}`;
  expect((await second.read()).events).toEqual([{ kind: 'unreadable', source: 'appliance', path, code: 'EADDRINUSE' }]);
  nowMs = 1_000;
  expect((await second.read()).events).toEqual([]);
  await first.listener.close();
  nowMs = 2_000;
  expect((await second.read()).events).toEqual([{ kind: 'readable', source: 'appliance', path }]);
});
