import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../src/errors/secret.ts';
import { encodeMail } from '../../src/sinks/encoders/mail.ts';
import type { SmtpSinkSettings } from '../../src/sinks/settings.ts';
import { SmtpTransport } from '../../src/sinks/transports/smtp.ts';
import { eventually } from '../command.ts';
import { alert, conditionAlert } from '../sinks/alerts.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { serve } from './child.ts';
import { freePort } from './free-port.ts';
import { describeWithServers } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const UNHURRIED = new AbortController().signal;
const SERVER = fileURLToPath(new URL('smtp-server.py', import.meta.url));
/** Debian's own, for which the package is. */
const PYTHON = '/usr/bin/python3';
const NEEDS = {
  programs: ['openssl'],
  files: { [PYTHON]: 'python3', '/usr/lib/python3/dist-packages/aiosmtpd': 'python3-aiosmtpd' },
} as const;

describeWithServers('a mail server', NEEDS, () => {
  const undo = new Undo();
  let pki: Certificates;
  let port: number;
  let server: ReturnType<typeof serve>;
  beforeAll(async () => {
    pki = await makeCertificates(join(await scratchFolder(undo), 'pki'));
    port = await freePort('127.0.0.1');
    server = serve(spawn(PYTHON, [SERVER, String(port), pki.server.cert, pki.server.key]), undo);
    await eventually(async () => (server.output().includes('ready') ? true : undefined), 20_000, 'the mail server');
  });
  afterAll(() => undo.run());

  function settings(differences: Partial<SmtpSinkSettings> = {}): SmtpSinkSettings {
    return {
      name: 'mail',
      type: 'smtp',
      minSeverity: 'info',
      protocol: 'starttls',
      host: '127.0.0.1',
      port,
      from: 'phi-egress@hospital.example',
      to: ['soc@hospital.example', 'privacy@hospital.example'],
      credentials: { username: 'agent', password: new Secret({ value: 'right' }) },
      tls: { ca: pki.ca },
      everyMs: 900_000,
      ...differences,
    };
  }

  const sendTo = (to: Partial<SmtpSinkSettings>, ...messages: readonly string[]) =>
    new SmtpTransport(settings(to)).send(
      messages,
      UNHURRIED,
      messages.map((_, at) => `a-${at}.open.1`),
    );

  const taken = () =>
    server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      // The line ends of RFC 5322.
      .map(({ text, ...rest }) => ({ ...rest, text: text.replaceAll('\r\n', '\n') }));

  test('alerts arrive together in one message over STARTTLS, the same ones under the same id', async () => {
    const both = [encodeMail(alert({ title: 'PHI left “Zürich”' })), encodeMail(conditionAlert())];
    expect(await sendTo({}, ...both)).toEqual({ kind: 'stored' });
    expect(await sendTo({}, ...both)).toEqual({ kind: 'stored' });
    expect(await sendTo({}, encodeMail(conditionAlert()))).toEqual({ kind: 'stored' });
    const [first, again, other] = taken();
    expect(first).toEqual({
      from: 'phi-egress@hospital.example',
      to: ['soc@hospital.example', 'privacy@hospital.example'],
      subject: '2 alerts, the first: [HIGH] PHI left “Zürich”',
      text: `${both.join('\n')}`,
      id: expect.stringMatching(/^<[0-9a-f]{32}@phi-egress>$/),
      auto: 'auto-generated',
      tls: true,
    });
    expect(again.id).toBe(first.id);
    expect(other).toMatchObject({ subject: '[MEDIUM] Source squid has fallen silent' });
    expect(other.id).not.toBe(first.id);
  });

  test('what the server answers decides, and none of its words are repeated', async () => {
    const wrong = { username: 'agent', password: new Secret({ value: 'wrong' }) };
    expect(await sendTo({ credentials: wrong }, 'x')).toEqual({
      kind: 'hold',
      because: 'the credentials are not accepted (reply 535)',
    });
    expect(await sendTo({ to: ['nobody@hospital.example'] }, 'x')).toEqual({
      kind: 'hold',
      because: 'sender or recipients are not accepted (reply 550)',
    });
    expect(await sendTo({ to: ['full@hospital.example'] }, 'x')).toEqual({
      kind: 'again',
      because: 'the server does not take the message now (reply 452)',
    });
    expect(await sendTo({}, 'refuse me\n')).toEqual({
      kind: 'never',
      because: 'the server refuses the message (reply 554)',
    });
    expect(await sendTo({}, 'x'.repeat(300_000))).toEqual({
      kind: 'split',
      because: 'the message is too large (reply 552)',
    });
  });

  test('no TLS, a certificate that is not trusted and nobody there', async () => {
    expect(await sendTo({ tls: {} }, 'x')).toEqual({
      kind: 'hold',
      because: "TLS with the server fails: see its certificate and the sink's ca",
    });
    expect(await sendTo({ protocol: 'plain' }, 'x')).toMatchObject({ kind: 'hold' });
    expect(await sendTo({ port: 1 }, 'x')).toEqual({ kind: 'again', because: 'nobody listens there' });
    expect(taken()).toHaveLength(3);
  });
});
