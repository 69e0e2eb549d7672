import { createSocket } from 'node:dgram';
import { expect, onTestFinished, test } from 'vitest';
import { ADDRESS, listenByHand } from './by-hand.ts';

function sender(port: number) {
  const socket = createSocket('udp4');
  onTestFinished(() => {
    socket.close();
  });
  return (text: string) =>
    new Promise<void>((resolve, reject) => {
      socket.send(text, port, ADDRESS, (error) => (error ? reject(error) : resolve()));
    });
}

test('a datagram is a message, without what ends it', async () => {
  const it = await listenByHand('udp');
  const send = sender(it.port);
  await send('<38>one\n');
  await send('\n');
  await send('<38>two\r\n\0');
  await send('<38>three\nstill three');
  await it.until(() => it.lines.length === 3, 'three messages');
  expect(it.texts()).toEqual(['<38>one', '<38>two', '<38>three\nstill three']);
});

test('datagrams of others are passed over', async () => {
  const it = await listenByHand('udp', { allow: ['10.0.0.0/8'] });
  const send = sender(it.port);
  await send('<38>one');
  await it.until(() => it.events.length === 1, 'the refusal');
  expect(it.events).toEqual([
    { kind: 'sender-refused', source: 'appliance', sender: '127.0.0.1', because: 'not-allowed' },
  ]);
  expect(it.lines).toEqual([]);
});

test('what does not fit is counted, by us and by the kernel', async () => {
  let nowMs = 0;
  const it = await listenByHand('udp', {}, { queueBytes: 100_000, nowMs: () => nowMs });
  const send = sender(it.port);
  const count = 4_000;
  for (let index = 0; index < count; index++) await send(`<38>${index} ${'x'.repeat(1_000)}`);
  const lost = () => it.events.reduce((sum, event) => sum + (event.kind === 'datagrams-lost' ? event.count : 0), 0);
  await it.until(() => {
    nowMs += 1_000;
    return it.lines.length + lost() === count;
  }, 'every message, or word of its loss');
  expect(lost()).toBeGreaterThan(0);
  expect(it.lines.length).toBeGreaterThan(50);
});

test('gaps in the numbers of a sender are losses, also those that arose while nobody listened', async () => {
  let nowMs = 1_000_000;
  const numbered = (id: number) => `<38>1 2026-11-25T22:00:00Z gw7 sshd 1 - [meta sequenceId="${id}"] message`;
  const before = await listenByHand('udp', {}, { nowMs: () => nowMs });
  const send = sender(before.port);
  await send(numbered(41));
  await send(numbered(44));
  await before.until(() => before.lines.length === 2, 'both messages');
  nowMs += 2_001;
  await before.step();
  const loss = { kind: 'datagrams-lost', source: 'appliance', because: 'sequence', sender: '127.0.0.1 gw7' };
  expect(before.events).toEqual([{ ...loss, count: 2 }]);
  await before.listener.close();

  const cursor = before.cursor();
  const after = await listenByHand(
    'udp',
    { port: before.port },
    { nowMs: () => nowMs, ...(cursor !== undefined && { cursor }) },
  );
  await send(numbered(50));
  await after.until(() => after.lines.length === 1, 'the next message');
  nowMs += 2_001;
  await after.step();
  expect(after.events).toEqual([{ ...loss, count: 5 }]);
});
