import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EgressAlert } from '../../src/alerts/alert.ts';
import { encodeCef } from '../../src/sinks/encoders/cef.ts';
import type { SyslogSinkSettings } from '../../src/sinks/settings.ts';
import { createSink } from '../../src/sinks/sink.ts';
import { eventually } from '../command.ts';
import { alert, conditionAlert } from '../sinks/alerts.ts';
import { type Certificates, type Identity, makeCertificates } from './certificates.ts';
import { freePort } from './free-port.ts';
import { CEF_FILE, type Place, type Receiver, startReceiver } from './real-receivers.ts';
import { describeWithServers } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const NEVER = new AbortController().signal;
const PATIENCE_MS = 60_000;

/** The last fields of a header, and no structured data. */
const HEADER_END = ' phi-egress - phi-outside-territory - ';

/** Every character that means something to a format, and some that are more than one byte. */
const HOSTILE = 'a|b=c\\d"e]f[g\nh\r\ti é日本😀 x=y ]" \\';
/** What is left of it: line ends and tabs become a blank. */
const AS_RECEIVED = 'a|b=c\\d"e]f[g h i é日本😀 x=y ]" \\';
const LONG = `${'0123456789'.repeat(1_000)}é`;

describeWithServers('real receivers of syslog', { programs: ['rsyslogd', 'syslog-ng', 'openssl'] }, () => {
  const undo = new Undo();
  let folder: string;
  let pki: Certificates;
  beforeEach(async () => {
    folder = await scratchFolder(undo);
    pki = await makeCertificates(join(folder, 'pki'));
  });
  afterEach(() => undo.run());

  async function place(protocol: Place['protocol']): Promise<Place> {
    return { protocol, port: await freePort('127.0.0.1'), pki };
  }

  function sinkTo({ protocol, port }: Place, format: SyslogSinkSettings['format'], identity: Identity = pki.client) {
    const settings: SyslogSinkSettings = {
      name: 'siem',
      type: 'syslog',
      minSeverity: 'info',
      protocol,
      host: '127.0.0.1',
      port,
      format,
      framing: 'octet-counting',
      tls: { ca: pki.ca, ...identity },
    };
    const sink = createSink(settings, { output: process.stdout, version: '0.1.0' });
    undo.add(() => sink.transport.close());
    return sink;
  }

  const awaitMessages = (receiver: Receiver, count: number) =>
    eventually(
      async () => {
        const messages = await receiver.messages();
        return messages.length >= count ? messages : undefined;
      },
      PATIENCE_MS,
      `${count} messages`,
    );

  const everyWay = (['rsyslogd', 'syslog-ng'] as const).flatMap((name) =>
    (['udp', 'tcp', 'tls'] as const).map((protocol) => [name, protocol] as const),
  );

  test.each(everyWay)('%s over %s reads structured data as it was meant, field by field', async (name, protocol) => {
    const at = await place(protocol);
    const receiver = await startReceiver(name, folder, at, undo);
    const { encode, transport } = sinkTo(at, 'rfc5424');
    const hostile = alert({
      id: 'a-000000000000000000000002',
      title: HOSTILE,
      explanation: HOSTILE,
      sender: { user: HOSTILE },
      nextSteps: [LONG],
    });
    const all = [alert(), hostile, conditionAlert()];
    expect(await transport.send(all.map(encode), NEVER, [])).toEqual({ kind: 'stored' });

    const [plain, strange, condition] = await awaitMessages(receiver, 3);
    expect(plain).toEqual({
      priority: 107,
      time: '2026-11-24T03:48:06.123Z',
      host: 'gw1',
      program: 'phi-egress',
      messageId: 'phi-outside-territory',
      text: 'PHI left the permitted territory',
      parameters: {
        alertId: 'a-1f6b0c5be0e1b8e2a4d39c77',
        kind: 'egress',
        dedupeKey: 'phi-outside-territory|acme-coding|IN|to-server',
        state: 'open',
        severity: 'high',
        firstSeen: '2026-11-24T03:48:06.123Z',
        lastSeen: '2026-11-24T03:48:06.123Z',
        count: '1',
        vendorId: 'acme-coding',
        vendorName: 'Acme Medical Coding LLC',
        contract: 'BAA-2024-017 section 4.2',
        bytes: '1048576',
        claim: 'delivered',
        receiverIp: '13.232.1.9',
        receiverHost: 'upload.acme.example',
        receiverPort: '443',
        receiverCountry: 'IN',
        receiverStanding: 'likely',
        locationEvidence: 'dbip-country.mmdb 2026-11-01: IN; geo-whois-asn-country.mmdb: no entry',
        senderIp: '10.1.2.3',
        senderHost: 'ws12',
        senderUser: 'jdoe',
        phiStrength: 'likely',
        phiBasis: 'content-indicator',
        phiIndicators: 'file name of an X12 claim; medical record number',
        protocol: 'https',
        attack: 'T1567 T1048',
        source: 'squid',
        gateway: 'gw1',
        explanation:
          'Acme Medical Coding LLC received 1,048,576 bytes (1.0 MiB) over https. Permitted is us-and-territories (BAA-2024-017 section 4.2).',
        nextSteps:
          'Note the time you read this: notice periods in the agreement may count from discovery. ' +
          'Ask Acme Medical Coding LLC to state in writing where this endpoint is and who works there.',
        ledgerSeq: '42',
        ledgerHash: 'ab12',
      },
    });
    expect(strange?.text).toBe(AS_RECEIVED);
    expect(strange?.parameters).toMatchObject({
      alertId: 'a-000000000000000000000002',
      explanation: AS_RECEIVED,
      senderUser: AS_RECEIVED,
      nextSteps: LONG,
      ledgerHash: 'ab12',
    });
    expect(condition).toMatchObject({
      priority: 108,
      messageId: 'source-silent',
      text: 'Source squid has fallen silent',
      parameters: { kind: 'condition', source: 'squid', severity: 'medium' },
    });
    expect(condition?.parameters).not.toHaveProperty('receiverIp');
  });

  test.each(everyWay)('%s over %s takes every other form whole, as the text of a message', async (name, protocol) => {
    const at = await place(protocol);
    const receiver = await startReceiver(name, folder, at, undo);
    const strange: EgressAlert = alert({ title: HOSTILE, explanation: HOSTILE, sender: { user: HOSTILE } });
    const forms = ['native', 'ecs', 'ocsf', 'cef', 'leef', 'cloudevents'] as const;
    const sent = forms.map((format) => sinkTo(at, format).encode(strange));
    expect(await sinkTo(at, 'cef').transport.send(sent, NEVER, [])).toEqual({ kind: 'stored' });
    const received = await awaitMessages(receiver, forms.length);
    expect(received.map(({ text }) => text)).toEqual(
      sent.map((it) => it.slice(it.indexOf(HEADER_END) + HEADER_END.length)),
    );
  });

  test('an extension of CEF is escaped as syslog-ng escapes it', async () => {
    const at = await place('tcp');
    await startReceiver('syslog-ng', folder, at, undo);
    const hostile = alert({ explanation: HOSTILE, sender: { user: HOSTILE } });
    const { encode, transport } = sinkTo(at, 'rfc5424');
    expect(await transport.send([encode(hostile)], NEVER, [])).toEqual({ kind: 'stored' });
    const look = async () => {
      const text = await readFile(join(folder, 'syslog-ng', CEF_FILE), 'utf8').catch(() => '');
      return text.endsWith('\n') ? text : undefined;
    };
    const written = await eventually(look, PATIENCE_MS, 'the extension');
    const ours = encodeCef(hostile, '0.1.0');
    for (const pair of written.trimEnd().split(/ (?=suser=|msg=)/)) expect(ours).toContain(` ${pair} `);
    expect(written).toContain('suser=a|b\\=c\\\\d"e]f[g h i é日本😀 x\\=y ]" \\\\');
  });

  test.each(['rsyslogd', 'syslog-ng'] as const)('%s over tls takes nothing from a stranger', async (name) => {
    const at = await place('tls');
    const receiver = await startReceiver(name, folder, at, undo);
    const stranger = sinkTo(at, 'rfc5424', pki.stranger);
    const verdict = await stranger.transport.send([stranger.encode(alert())], NEVER, []);
    expect(verdict).toMatchObject({ kind: 'again' });
    const known = sinkTo(at, 'rfc5424');
    const other = known.encode(conditionAlert());
    expect(await known.transport.send([other], NEVER, [])).toEqual({ kind: 'stored' });
    expect((await awaitMessages(receiver, 1)).map(({ messageId }) => messageId)).toEqual(['source-silent']);
  });

  const streams = everyWay.filter(([, protocol]) => protocol !== 'udp');
  test.each(streams)('%s over %s, restarted in between: every alert is there in the end', async (name, protocol) => {
    const at = await place(protocol);
    const receiver = await startReceiver(name, folder, at, undo);
    const { encode, transport } = sinkTo(at, 'rfc5424');
    const ids = Array.from({ length: 60 }, (_, number) => `a-${String(number).padStart(24, '0')}`);
    let isRestarting = Promise.resolve();
    for (const [number, id] of ids.entries()) {
      if (number === 20 || number === 40) isRestarting = receiver.stop().then(receiver.start);
      await eventually(
        async () => ((await transport.send([encode(alert({ id }))], NEVER, [])).kind === 'stored' ? true : undefined),
        PATIENCE_MS,
        `alert ${number} to be taken`,
      );
    }
    await isRestarting;
    const arrived = await eventually(
      async () => {
        const got = (await receiver.messages()).map(({ parameters }) => parameters.alertId);
        return new Set(got).size >= ids.length ? got : undefined;
      },
      PATIENCE_MS,
      'every alert',
    );
    // In order, each from its first arrival on; what came twice came again after a restart.
    expect([...new Set(arrived)]).toEqual(ids);
    process.stdout.write(`${name} over ${protocol}: ${ids.length} sent, ${arrived.length} received, 2 restarts\n`);
  });
});
