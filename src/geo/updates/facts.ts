import { readFile } from 'node:fs/promises';
import { OperatorError } from '../../errors/problem.ts';
import { openDatabase } from '../database.ts';
import { sha256Of } from './checksum.ts';
import { rangeFacts } from './range-facts.ts';

/** What a file of databases or address ranges says of itself. */
export interface FileFacts {
  readonly content: 'mmdb' | 'ranges';
  /** `database_type` of a database; the provider of address ranges. */
  readonly subject: string;
  /** What the publisher tells its editions apart by. */
  readonly edition: string;
  /** ms since the epoch; absent where the file does not tell. */
  readonly builtMs?: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

/** Reads a file whole, as the program that uses it would. @returns what is wrong with it, if so. */
export async function factsOf(
  path: string,
  content: FileFacts['content'],
): Promise<FileFacts | { readonly because: string }> {
  return content === 'mmdb' ? databaseFacts(path) : rangesFacts(path);
}

async function databaseFacts(path: string): Promise<FileFacts | { readonly because: string }> {
  try {
    const { info } = await openDatabase(path, 'operator');
    const { edition, builtMs, sha256 } = info;
    return { content: 'mmdb', subject: edition, edition, builtMs, sha256 };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { because: error.problems[0]?.what ?? 'it cannot be read' };
  }
}

async function rangesFacts(path: string): Promise<FileFacts | { readonly because: string }> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown error');
  if (typeof bytes === 'string') return { because: `it cannot be read (${bytes})` };
  const facts = rangeFacts(bytes);
  if ('because' in facts) return facts;
  const { provider, edition, builtMs } = facts;
  const told = builtMs === undefined ? {} : { builtMs };
  return { content: 'ranges', subject: provider, edition, ...told, sha256: sha256Of(bytes) };
}
