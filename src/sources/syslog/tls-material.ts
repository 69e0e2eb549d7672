import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { quote } from '../../errors/field.ts';
import type { Problem } from '../../errors/problem.ts';
import type { ListenSettings } from '../settings.ts';

/** Certificate and key of a listener, and whose certificates it takes from senders. PEM. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
}

export type TlsListenSettings = Extract<ListenSettings, { protocol: 'tls' }>;

/** Read at every start of the listener, so that a reload takes in a renewed certificate. */
export async function readTlsMaterial({ cert, key, ca }: TlsListenSettings): Promise<TlsMaterial> {
  return {
    cert: await readFile(cert),
    key: await readFile(key),
    ...(ca !== undefined && { ca: await readFile(ca) }),
  };
}

/** Whether the files can be read and used. @param at the key of `listen` in the configuration. */
export async function checkTlsMaterial(listen: TlsListenSettings, at: string): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const cert = await readPem('cert', (pem) => new X509Certificate(pem), 'is no certificate');
  await readPem('ca', (pem) => new X509Certificate(pem), 'is no certificate');
  if (cert !== undefined)
    await readPem('key', (key) => createSecureContext({ cert, key }), 'is no private key of the certificate');
  return problems;

  /** The error is not shown: what OpenSSL says of a key may quote it. */
  async function readPem(name: 'cert' | 'key' | 'ca', use: (pem: Buffer) => unknown, why: string) {
    const file = listen[name];
    if (file === undefined) return undefined;
    try {
      const pem = await readFile(file);
      use(pem);
      return pem;
    } catch (error) {
      const errno = (error as NodeJS.ErrnoException).syscall === undefined ? undefined : errorCode(error);
      const what = errno === undefined ? `${quote(file)} ${why}` : `Cannot read ${quote(file)}: ${errno}`;
      const todo =
        errno === undefined
          ? 'name a PEM file, with a key without passphrase'
          : 'let the account that runs phi-egress read it';
      problems.push({ code: 'source.unreadable', what, where: { file, key: `${at}.${name}` }, todo });
      return undefined;
    }
  }
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
