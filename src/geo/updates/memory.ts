import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const feedSchema = z.object({
  /** Where the file came from, without query. */
  url: z.string(),
  etag: z.string().exactOptional(),
  lastModified: z.string().exactOptional(),
  /** Of the file as it stands in the directory: the validators hold for that one alone. */
  sha256: z.string(),
});

const memorySchema = z.object({
  feeds: z.record(z.string(), feedSchema).default({}),
  /** ms since the epoch, by feed: before that, the publisher does not want to be asked again. */
  notBefore: z.record(z.string(), z.number()).default({}),
  /** ms since the epoch: when the last update began. */
  triedMs: z.number().default(0),
});

/** What is remembered from one update to the next. It only saves downloads: without it, all is fetched anew. */
export type UpdateMemory = z.output<typeof memorySchema>;

export async function readMemory(directory: string): Promise<UpdateMemory> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(join(directory, FILE), 'utf8')));
  } catch {
    return { feeds: {}, notBefore: {}, triedMs: 0 };
  }
}

export async function writeMemory(directory: string, memory: UpdateMemory): Promise<void> {
  const unfinished = join(directory, `${FILE}.${randomBytes(6).toString('hex')}.download`);
  try {
    await writeFile(unfinished, `${JSON.stringify(memory)}\n`, { mode: 0o640, flag: 'wx' });
    await rename(unfinished, join(directory, FILE));
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** The dot keeps it apart from the files that are read as databases and ranges. */
const FILE = '.updates.json';
