import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { checkTlsMaterial } from '../../src/sources/syslog/tls-material.ts';
import { ADDRESS, type ByHand, closed, listenByHand } from '../sources/syslog/by-hand.ts';
import { type Certificates, type Identity, makeCertificates } from './certificates.ts';
import { describeWithServers } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

describeWithServers('a syslog listener under TLS', { programs: ['openssl'] }, () => {
  const undo = new Undo();
  let folder: string;
  let pki: Certificates;
  beforeAll(async () => {
    folder = await scratchFolder(undo);
    pki = await makeCertificates(join(folder, 'pki'));
  });
  afterAll(() => undo.run());

  function listen(listen: { ca?: string; maxVersion?: '1.2' | '1.3' } = {}): Promise<ByHand> {
    return listenByHand('tls', { listen: { ...pki.server, maxVersion: '1.2', ...listen } });
  }

  async function secured(port: number, identity?: Identity, options: ConnectionOptions = {}): Promise<TLSSocket> {
    const own = identity && { cert: await readFile(identity.cert), key: await readFile(identity.key) };
    const ca = await readFile(pki.ca);
    const socket = connect({ host: ADDRESS, port, servername: 'server.example', ca, ...own, ...options });
    socket.on('error', () => undefined);
    onTestFinished(() => {
      socket.destroy();
    });
    return socket;
  }

  test.each(['1.2', '1.3'] as const)('messages come over TLS %s, the newest that is allowed', async (maxVersion) => {
    const it = await listen({ maxVersion });
    const sender = await secured(it.port);
    await once(sender, 'secureConnect');
    expect(sender.getProtocol()).toBe(`TLSv${maxVersion}`);
    sender.write('7 <38>one7 <38>two');
    await it.until(() => it.lines.length === 2, 'two messages');
    expect(it.texts()).toEqual(['<38>one', '<38>two']);
    expect(it.lines[0]?.path).toBe('127.0.0.1');
  });

  test('an older TLS, and TLS 1.2 without forward secrecy, are refused', async () => {
    const it = await listen();
    const old = await secured(it.port, undefined, {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL@SECLEVEL=0',
    });
    await closed(old);
    const weak = await secured(it.port, undefined, { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' });
    await closed(weak);
    await it.until(() => it.events.length > 0, 'the refusal');
    expect(it.events).toEqual([
      { kind: 'sender-refused', source: 'appliance', sender: '127.0.0.1', because: 'handshake' },
    ]);
    expect(it.lines).toEqual([]);
  });

  test('with a ca, only senders whose certificate it has signed are heard', async () => {
    const it = await listen({ ca: pki.ca });
    for (const identity of [undefined, pki.stranger]) {
      const stranger = await secured(it.port, identity);
      stranger.write('11 <38>stranger');
      await closed(stranger);
    }
    const sender = await secured(it.port, pki.client);
    sender.write('7 <38>one');
    await it.until(() => it.lines.length === 1, 'the message');
    await it.until(() => it.events.length > 0, 'the refusal');
    expect(it.texts()).toEqual(['<38>one']);
    expect(it.events).toEqual([
      { kind: 'sender-refused', source: 'appliance', sender: '127.0.0.1', because: 'handshake' },
    ]);
  });

  test('rubbish in place of a handshake harms nobody', async () => {
    const it = await listen();
    for (const rubbish of [
      '<38>plain text\n',
      '\x16\x03\x01\x02\x00\x01\x00',
      'GET / HTTP/1.1\r\n\r\n',
      '\0'.repeat(70_000),
    ]) {
      const plain = connectPlain({ host: ADDRESS, port: it.port });
      plain.on('error', () => undefined);
      onTestFinished(() => {
        plain.destroy();
      });
      plain.end(rubbish);
    }
    const sender = await secured(it.port);
    sender.write('7 <38>one');
    await it.until(() => it.lines.length === 1, 'the message');
    expect(it.texts()).toEqual(['<38>one']);
  });

  test('a sender that closes in order loses nothing', async () => {
    const it = await listen();
    const sender = await secured(it.port);
    sender.end(`<38>${'x'.repeat(200_000)}\n<38>last\n`);
    await it.until(() => it.lines.length === 2, 'both messages');
    it.listener.drain();
    expect(await it.step()).toMatchObject({ idle: true });
  });

  test('files that cannot be used are told with their key', async () => {
    const rubbish = join(folder, 'rubbish.pem');
    await writeFile(rubbish, 'no certificate\n');
    const base = { protocol: 'tls', address: ADDRESS, port: 6514, maxVersion: '1.2', ...pki.server } as const;
    const told = async (change: object) =>
      (await checkTlsMaterial({ ...base, ...change }, 'sources.0.listen')).map(({ where, what }) => [
        where?.key,
        what.replaceAll(folder, ''),
      ]);
    expect(await told({ ca: pki.ca })).toEqual([]);
    expect(await told({ cert: rubbish })).toEqual([['sources.0.listen.cert', '"/rubbish.pem" is no certificate']]);
    expect(await told({ ca: rubbish })).toEqual([['sources.0.listen.ca', '"/rubbish.pem" is no certificate']]);
    expect(await told({ key: pki.client.key })).toEqual([
      ['sources.0.listen.key', '"/pki/client.key" is no private key of the certificate'],
    ]);
    expect(await told({ key: join(folder, 'absent.key') })).toEqual([
      ['sources.0.listen.key', 'Cannot read "/absent.key": ENOENT'],
    ]);
  });
});
