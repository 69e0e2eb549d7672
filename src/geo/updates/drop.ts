import { constants } from 'node:fs';
import { open, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackDatabase } from './archive.ts';
import { readChecksum, sha256Of } from './checksum.ts';
import { rangeFacts } from './facts.ts';
import { rangeFileName } from './feeds.ts';
import { type Candidate, install, lastingName } from './install.ts';
import { readPublicKey, refuseSignature, type SignerKey } from './minisign.ts';
import type { Outcome } from './outcome.ts';
import type { Limits } from './refresh.ts';
import type { UpdateSettings } from './settings.ts';

/**
 * Takes up the files that somebody carried to a host without network: `*.mmdb`, MaxMind's `*.tar.gz`, and providers'
 * `*.json`. Each needs `NAME.sha256` beside it, as sha256sum prints it, or, where signers are configured, `NAME.minisig`
 * of one of them: that also says that copying it has come to its end. What was taken up is removed from there.
 */
export async function takeDropped(
  { drop, directory, signedBy }: UpdateSettings,
  limits: Limits,
): Promise<readonly Outcome[]> {
  if (drop === undefined) return [];
  const names = await readdir(drop).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown error');
  if (typeof names === 'string') {
    const because = `Cannot list ${drop} (${names})`;
    return [{ name: drop, from: 'drop', kind: 'failed', because, todo: 'check geo.update.drop' }];
  }
  if ((await realpath(drop)) === (await realpath(directory).catch(() => directory))) {
    const because = `${drop} is geo.directory itself, where files stay`;
    return [{ name: drop, from: 'drop', kind: 'failed', because, todo: 'name another directory in geo.update.drop' }];
  }
  const keys = signedBy.flatMap((text) => readPublicKey(text) ?? []);
  const outcomes: Outcome[] = [];
  for (const name of names.filter((it) => DROPPED.test(it)).sort())
    outcomes.push(await takeOne({ drop, name, directory, keys, limits }));
  return outcomes;
}

/** Names that begin with a dot are copies that are not finished. */
const DROPPED = /^[^.].*\.(?:mmdb|tar\.gz|json)$/;

interface Dropped {
  readonly drop: string;
  readonly name: string;
  readonly directory: string;
  readonly keys: readonly SignerKey[];
  readonly limits: Limits;
}

async function takeOne(dropped: Dropped): Promise<Outcome> {
  const { drop, name, directory } = dropped;
  const candidate = await readCandidate(dropped);
  if (!('bytes' in candidate)) return { ...candidate, name, from: 'drop', kind: 'failed' };
  const installed = await install(directory, candidate);
  if (installed.kind === 'refused') return { ...installed, name, from: 'drop', kind: 'failed' };
  // From a medium that is read-only it is taken up again next time, and found to be unchanged.
  for (const suffix of ['', ...PROOFS]) await rm(join(drop, name + suffix), { force: true }).catch(() => {});
  return { ...installed, name, from: 'drop', file: candidate.name };
}

const PROOFS = ['.sha256', '.minisig'] as const;

type Refused = { readonly because: string; readonly todo?: string };

async function readCandidate({ drop, name, keys, limits }: Dropped): Promise<Candidate | Refused> {
  const bytes = await readWhole(join(drop, name), name.endsWith('.mmdb') ? limits.unpacked : limits.packed);
  if (!Buffer.isBuffer(bytes)) return bytes;
  const unproved =
    keys.length > 0 ? await refuseUnsigned(drop, name, bytes, keys) : await refuseUnhashed(drop, name, bytes);
  if (unproved !== undefined) return unproved;
  if (name.endsWith('.json')) return rangesIn(bytes);
  const database = name.endsWith('.tar.gz') ? await unpackDatabase(bytes, limits.unpacked) : { name, bytes };
  if ('because' in database) return database;
  const file = lastingName(database.name);
  if (file === undefined)
    return { because: 'its name is none for a database', todo: 'use letters, digits, dots and hyphens' };
  return { name: file, content: 'mmdb', bytes: database.bytes };
}

function rangesIn(bytes: Buffer): Candidate | Refused {
  const facts = rangeFacts(bytes);
  if ('because' in facts) return facts;
  const name = rangeFileName(facts.subject);
  return name === undefined
    ? { because: `ranges of ${facts.subject} are not kept` }
    : { name, content: 'ranges', bytes };
}

async function refuseUnhashed(drop: string, name: string, bytes: Buffer): Promise<Refused | undefined> {
  const text = await readWhole(join(drop, `${name}.sha256`), MOST_PROOF_BYTES);
  const todo = `write it with: sha256sum ${name} > ${name}.sha256`;
  if (!Buffer.isBuffer(text)) return { because: `there is no ${name}.sha256 that can be read`, todo };
  const told = readChecksum(text.toString('latin1'));
  if (told === undefined) return { because: `${name}.sha256 holds no SHA-256`, todo };
  if (told === sha256Of(bytes)) return undefined;
  return { because: 'its SHA-256 is not the one beside it', todo: 'copy both anew' };
}

async function refuseUnsigned(
  drop: string,
  name: string,
  bytes: Buffer,
  keys: readonly SignerKey[],
): Promise<Refused | undefined> {
  const text = await readWhole(join(drop, `${name}.minisig`), MOST_PROOF_BYTES);
  if (!Buffer.isBuffer(text))
    return { because: `there is no ${name}.minisig that can be read`, todo: `sign it with: minisign -S -m ${name}` };
  const because = refuseSignature(bytes, text.toString('utf8'), keys);
  return because === undefined ? undefined : { because };
}

const MOST_PROOF_BYTES = 4_096;

/** Read once, through one handle: what is judged is what is installed. Links are not followed. */
async function readWhole(path: string, mostBytes: number): Promise<Buffer | Refused> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) return { because: 'it is no ordinary file' };
      if (found.size > mostBytes) return { because: `it has more than ${mostBytes} bytes` };
      const bytes = Buffer.alloc(found.size);
      let at = 0;
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, at);
        if (bytesRead === 0) return { because: 'it changes while it is read' };
        at += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { because: `it cannot be read (${code})`, todo: 'let the user that runs phi-egress read it' };
  }
}
