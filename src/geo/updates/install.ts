import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileFacts, factsOf } from './facts.ts';

export type Installed =
  | {
      readonly kind: 'updated';
      readonly facts: FileFacts;
      readonly before?: FileFacts;
      readonly removed: readonly string[];
    }
  | { readonly kind: 'unchanged'; readonly facts: FileFacts }
  | { readonly kind: 'refused'; readonly because: string; readonly todo?: string };

export interface Candidate {
  /** The name to stand under in the directory. */
  readonly name: string;
  readonly content: FileFacts['content'];
  readonly bytes: Buffer;
  /** The `database_type` or the provider that it must be of, where one was asked for. */
  readonly subject?: string;
}

/**
 * Puts a file into the directory of databases: written beside, brought to the disk, read as the program would read it,
 * and only then given its name. Whatever goes wrong on the way leaves the file that is there as it is.
 *
 * Editions that it replaces are deleted, as licences demand (GeoLite EULA: within 30 days of a new release).
 */
export async function install(directory: string, candidate: Candidate): Promise<Installed> {
  const { name, content, bytes, subject } = candidate;
  const unfinished = join(directory, `.${name}.${randomBytes(6).toString('hex')}${UNFINISHED}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o750 });
    await writeThrough(unfinished, bytes);
    const facts = await factsOf(unfinished, content);
    if ('because' in facts) return { kind: 'refused', because: facts.because };
    if (subject !== undefined && facts.subject !== subject)
      return { kind: 'refused', because: `it is ${facts.subject}, not ${subject}` };
    const path = join(directory, name);
    const before = await soundFacts(path, content);
    if (before?.sha256 === facts.sha256) return { kind: 'unchanged', facts };
    if (before !== undefined && isOlder(facts, before)) return { kind: 'refused', ...older(facts, before) };
    await rename(unfinished, path);
    await syncDirectory(directory);
    const removed = await removeReplaced(directory, name, facts);
    return { kind: 'updated', facts, removed, ...(before !== undefined && { before }) };
  } catch (error) {
    return { kind: 'refused', ...unwritable(directory, error) };
  } finally {
    await rm(unfinished, { force: true }).catch(() => {});
  }
}

/** Takes away what a process that was killed had begun to write. */
export async function removeLeftovers(directory: string, nowMs: number): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((it) => it.startsWith('.') && it.endsWith(UNFINISHED))) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && nowMs - found.mtimeMs > LEFTOVER_MS) await rm(path, { force: true }).catch(() => {});
  }
}

/**
 * The name that the editions of one database share: the date that publishers put behind it goes.
 *
 * @returns `undefined` for what cannot be a name of a database's file.
 */
export function lastingName(name: string): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.mmdb$/.test(name)) return undefined;
  return name.replace(/(?<=[A-Za-z0-9])[-_.]?(?:19|20)\d{2}-?\d{2}(?:-?\d{2})?\.mmdb$/, '.mmdb');
}

const UNFINISHED = '.download';
/** Nobody writes one file for longer. */
const LEFTOVER_MS = 3_600_000;

async function writeThrough(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

/** A file that is not there, or damaged, is replaced by any that is sound. */
async function soundFacts(path: string, content: FileFacts['content']): Promise<FileFacts | undefined> {
  const facts = await factsOf(path, content);
  return 'because' in facts ? undefined : facts;
}

function isOlder({ serial }: FileFacts, { serial: before }: FileFacts): boolean {
  return serial < before;
}

function older(facts: FileFacts, before: FileFacts) {
  return {
    because: `it is the edition ${nameOf(facts)}, older than the one that is there (${nameOf(before)})`,
    todo: 'to go back on purpose, remove the newer file first',
  };
}

function nameOf({ edition, builtMs }: FileFacts): string {
  return builtMs === undefined ? edition : `of ${dayOf(builtMs)}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Of files that somebody put there with the date in their name, those that are of the same database and no newer. */
async function removeReplaced(directory: string, name: string, facts: FileFacts): Promise<readonly string[]> {
  if (facts.content !== 'mmdb') return [];
  const removed: string[] = [];
  for (const other of await readdir(directory)) {
    if (other === name || lastingName(other) !== name) continue;
    const known = await soundFacts(join(directory, other), 'mmdb');
    if (known?.subject !== facts.subject || isOlder(facts, known)) continue;
    await rm(join(directory, other), { force: true });
    removed.push(other);
  }
  return removed;
}

function unwritable(directory: string, error: unknown): { readonly because: string; readonly todo: string } {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) throw error;
  const [why, todo] = DISK[code] ?? [code, 'check the directory'];
  return { because: `Cannot write to ${directory}: ${why}`, todo };
}

const DISK: Readonly<Record<string, readonly [why: string, todo: string]>> = {
  ENOSPC: ['the disk is full', 'make room: a new edition stands beside the old one until it is proved sound'],
  EDQUOT: ['the quota is used up', 'make room: a new edition stands beside the old one until it is proved sound'],
  EACCES: ['permission denied', 'let the user that runs phi-egress write to geo.directory'],
  EPERM: ['permission denied', 'let the user that runs phi-egress write to geo.directory'],
  EROFS: ['it is read-only', 'name geo.directory in ReadWritePaths= of the unit'],
};
