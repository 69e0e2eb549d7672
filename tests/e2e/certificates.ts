import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './child.ts';
import { programPath } from './requirements.ts';

/** PEM files. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly ca: string;
  readonly server: Identity;
  readonly client: Identity;
  /** Signed by another authority. */
  readonly stranger: Identity;
}

/** Certificates for one test, of `server.example` and `client.example`, both at 127.0.0.1. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const ca = await makeAuthority(folder, 'ca');
  const other = await makeAuthority(folder, 'other-ca');
  return {
    ca: ca.cert,
    server: await makeIdentity(folder, 'server', ca),
    client: await makeIdentity(folder, 'client', ca),
    stranger: await makeIdentity(folder, 'stranger', other),
  };
}

async function makeAuthority(folder: string, name: string): Promise<Identity> {
  await mkdir(folder, { recursive: true });
  const identity = filesOf(folder, name);
  await openssl(...NEW_KEY, identity.key, '-x509', '-days', '2', '-subj', `/CN=${name}`, '-out', identity.cert);
  return identity;
}

async function makeIdentity(folder: string, name: string, ca: Identity): Promise<Identity> {
  const identity = filesOf(folder, name);
  const [request, extensions] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
  await openssl(...NEW_KEY, identity.key, '-subj', `/CN=${name}.example`, '-out', request);
  await writeFile(extensions, `subjectAltName=DNS:${name}.example,IP:127.0.0.1\n`);
  const signed = ['-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial', '-days', '2', '-extfile', extensions];
  await openssl('x509', '-req', '-in', request, ...signed, '-out', identity.cert);
  return identity;
}

const NEW_KEY = ['req', '-newkey', 'rsa:2048', '-nodes', '-keyout'];

function filesOf(folder: string, name: string): Identity {
  return { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

async function openssl(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram(programPath('openssl'), args);
  if (code !== 0) throw new Error(`openssl ${args[0]} ended with ${code}: ${stderr}`);
}
