import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { install, keptIn } from '../agent/installation.ts';
import { eventually, start } from '../command.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { freePort } from './free-port.ts';
import { type SenderName, startSender } from './real-senders.ts';
import { describeWithServers } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

/** How often the daemon is stopped and started anew while messages come. */
const RESTARTS = 3;
const PER_BURST = 20;
/** While the daemon stops; on a slow machine that takes long, and every login costs a finding. */
const MOST_BURSTS = 5;
const PATIENCE_MS = 90_000;

/** A login from abroad by an account of a vendor's is a finding each; the port says which it was. */
function login(port: number): string {
  return `Accepted password for abroad_sftp from 192.0.2.9 port ${port} ssh2`;
}

describeWithServers('real senders of syslog', { programs: ['rsyslogd', 'syslog-ng', 'logger', 'openssl'] }, () => {
  const undo = new Undo();
  let folder: string;
  let pki: Certificates;
  beforeEach(async () => {
    folder = await scratchFolder(undo);
    pki = await makeCertificates(join(folder, 'pki'));
  });
  afterEach(() => undo.run());

  async function installAgent(protocol: 'udp' | 'tcp' | 'tls') {
    const port = await freePort('127.0.0.1');
    const tls = protocol === 'tls' ? { ...pki.server, ca: pki.ca } : {};
    const listen = { protocol, address: '127.0.0.1', port, ...tls };
    const source = {
      name: 'relay',
      type: 'syslog',
      listen,
      allow: ['127.0.0.0/8'],
      format: 'openssh',
      inside: 'server',
    };
    const config = await install(folder, [{ ...source, start: undefined }]);
    return { port, startDaemon: () => startDaemon(config) };
  }

  async function startDaemon(config: string) {
    const daemon = start(['run', '--config', config]);
    const ended = once(daemon, 'close') as Promise<[number | null]>;
    undo.add(async () => {
      daemon.kill('SIGKILL');
      await ended;
    });
    let said = '';
    daemon.stderr.on('data', (text) => {
      said += String(text);
    });
    const isUp = async () => (said.includes('follows relay') ? true : undefined);
    await eventually(isUp, PATIENCE_MS, `the daemon to start: ${said}`);
    const stop = async () => {
      daemon.kill('SIGTERM');
      const [code] = await ended;
      expect(code).toBe(0);
    };
    return { stop };
  }

  function portsFound(): readonly number[] {
    return keptIn(folder).findings.map(({ activity }) => activity.receiver.port ?? 0);
  }

  const awaitFound = (count: number) =>
    eventually(async () => (portsFound().length >= count ? true : undefined), PATIENCE_MS, `${count} findings`);

  const cases: readonly (readonly [SenderName, 'tcp' | 'tls'])[] = [
    ['rsyslogd', 'tcp'],
    ['rsyslogd', 'tls'],
    ['syslog-ng', 'tcp'],
    ['syslog-ng', 'tls'],
  ];
  test.each(cases)(
    '%s over %s: nothing is lost or doubled while the daemon is restarted',
    { timeout: 240_000 },
    async (name, protocol) => {
      const { port, startDaemon } = await installAgent(protocol);
      let daemon = await startDaemon();
      const sender = await startSender(name, folder, { protocol, port, pki }, undo);
      let sent = 0;
      const burst = async () => {
        const messages = Array.from({ length: PER_BURST }, (_, index) => login(1 + sent + index));
        sent += PER_BURST;
        await sender.log(messages);
      };
      await burst();
      await awaitFound(1);
      for (let restart = 0; restart < RESTARTS; restart++) {
        let isStopping = true;
        const stopping = daemon.stop().finally(() => {
          isStopping = false;
        });
        for (let more = 0; isStopping && more < MOST_BURSTS; more++) await burst();
        await stopping;
        await burst();
        daemon = await startDaemon();
        await burst();
      }
      await awaitFound(sent);
      await daemon.stop();
      const found = [...portsFound()].sort((one, other) => one - other);
      expect(found).toEqual(Array.from({ length: sent }, (_, index) => 1 + index));
      const [{ lines, parsed, cut } = { lines: 0, parsed: 0, cut: 0 }] = keptIn(folder).status.sources;
      expect({ lines, parsed, cut }).toEqual({ lines: sent, parsed: sent, cut: 0 });
      process.stdout.write(`${name} over ${protocol}: ${sent} messages, ${RESTARTS} restarts, 0 lost, 0 doubled\n`);
    },
  );

  test.each(['rsyslogd', 'syslog-ng'] as const)('%s over udp: messages arrive', async (name) => {
    const { port, startDaemon } = await installAgent('udp');
    const daemon = await startDaemon();
    const sender = await startSender(name, folder, { protocol: 'udp', port, pki }, undo);
    await sender.log([login(1), login(2), login(3)]);
    await awaitFound(3);
    await daemon.stop();
    expect([...portsFound()].sort()).toEqual([1, 2, 3]);
  });
});
