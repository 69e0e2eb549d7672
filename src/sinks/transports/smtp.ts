import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { getSystemErrorName } from 'node:util';
import { OperatorError } from '../../errors/problem.ts';
import { describeConnectionFailure } from '../../net/connection-failure.ts';
import { shortened } from '../encoders/one-line.ts';
import type { SmtpSinkSettings } from '../settings.ts';
import type { BatchLimits, Transport } from '../transport.ts';
import { reasonOf, STORED, type Verdict } from '../verdict.ts';

const CONNECT_MS = 10_000;
/** The longest that a server may say nothing. */
const SILENCE_MS = 60_000;

/**
 * Alerts by e-mail (RFC 5321), those of one batch in one message. They count as stored when the server has taken the
 * message for at least one of the recipients; what becomes of it behind that server nobody tells.
 */
export class SmtpTransport implements Transport {
  readonly limits: BatchLimits = { messages: 100, bytes: 500_000 };
  readonly #settings: SmtpSinkSettings;

  constructor(settings: SmtpSinkSettings) {
    this.#settings = settings;
  }

  /** Each message on a connection of its own: they are rare. Certificates are read anew. */
  async send(messages: readonly string[], signal: AbortSignal, eventIds: readonly string[]): Promise<Verdict> {
    let close = () => {};
    try {
      const { createTransport } = await import('nodemailer');
      const mailer = createTransport(await this.#options());
      close = () => mailer.close();
      signal.addEventListener('abort', close, { once: true });
      signal.throwIfAborted();
      await mailer.sendMail(mailOf(messages, eventIds, this.#settings));
      return STORED;
    } catch (error) {
      return signal.aborted ? { kind: 'again', because: 'stopped' } : meaningOf(error);
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }

  async close(): Promise<void> {}

  async #options() {
    const { host, port, protocol, credentials, tls } = this.#settings;
    const read = (file: string | undefined) => (file === undefined ? undefined : readFile(file, 'utf8'));
    const [ca, cert, key] = await Promise.all([read(tls.ca), read(tls.cert), read(tls.key)]);
    return {
      host,
      port,
      secure: protocol === 'tls',
      requireTLS: protocol === 'starttls',
      ignoreTLS: protocol === 'plain',
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      // What is sent is text of our own: nothing is fetched, no file is attached.
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(credentials !== undefined && {
        auth: { user: credentials.username, pass: credentials.password.reveal() },
      }),
      tls: {
        minVersion: 'TLSv1.2' as const,
        ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      },
    };
  }
}

/** The same alerts are the same message: a mail program shows one that was sent twice once. */
function mailOf(messages: readonly string[], eventIds: readonly string[], { from, to }: SmtpSinkSettings) {
  const [first = ''] = messages;
  const headline = shortened(first.split('\n', 1)[0] ?? '', LONGEST_SUBJECT);
  const id = createHash('sha256').update(eventIds.join('\n')).digest('hex').slice(0, 32);
  return {
    from,
    to: [...to],
    subject: messages.length === 1 ? headline : `${messages.length} alerts, the first: ${headline}`,
    text: messages.join('\n'),
    // Whatever its length, a line fits into the 998 characters of RFC 5322 section 2.1.1.
    textEncoding: 'quoted-printable' as const,
    messageId: `<${id}@phi-egress>`,
    // RFC 3834: no answering machine answers.
    headers: { 'auto-submitted': 'auto-generated' },
  };
}

const LONGEST_SUBJECT = 200;

/** Codes of nodemailer, and replies of the server (RFC 5321 section 4.2). No word of a reply is repeated. */
function meaningOf(error: unknown): Verdict {
  if (error instanceof OperatorError) return { kind: 'hold', because: error.problems[0]?.what ?? error.name };
  const code = reasonOf(error);
  const { responseCode: reply, errno } = error as { readonly responseCode?: number; readonly errno?: number };
  const said = reply === undefined ? '' : ` (reply ${reply})`;
  if (code === 'EAUTH') return { kind: 'hold', because: `the credentials are not accepted${said}` };
  if (code === 'ENOENT' || code === 'EACCES')
    return { kind: 'hold', because: `cannot read a PEM file of the sink (${code})` };
  if (reply !== undefined && reply >= 400 && reply < 500)
    return { kind: 'again', because: `the server does not take the message now${said}` };
  if (reply === 552) return { kind: 'split', because: `the message is too large${said}` };
  if (code === 'EENVELOPE') return { kind: 'hold', because: `sender or recipients are not accepted${said}` };
  if (reply !== undefined && reply >= 500) return { kind: 'never', because: `the server refuses the message${said}` };
  if (code === 'ETLS') return { kind: 'hold', because: 'the server offers no TLS that can be used' };
  // nodemailer writes its own code over that of the socket's error; what the system said has a number still.
  if (code === 'ESOCKET' && errno === undefined)
    return { kind: 'hold', because: "TLS with the server fails: see its certificate and the sink's ca" };
  const cause = errno === undefined ? error : Object.assign(new Error(), { code: getSystemErrorName(errno) });
  return { kind: 'again', because: describeConnectionFailure(cause).because };
}
