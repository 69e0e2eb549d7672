import { readFile } from 'node:fs/promises';
import { OperatorError } from '../../errors/problem.ts';
import { parseRangeFile } from '../cloud-ranges/parse-range-file.ts';
import { openDatabase } from '../database.ts';
import { sha256Of } from './checksum.ts';

/** What a file of databases or address ranges says of itself. */
export interface FileFacts {
  readonly content: 'mmdb' | 'ranges';
  /** `database_type` of a database; the series of a file of address ranges. */
  readonly subject: string;
  /** What the publisher tells its editions apart by. */
  readonly edition: string;
  /** Rises from edition to edition. */
  readonly serial: number;
  /** ms since the epoch; absent where the file does not tell. */
  readonly builtMs?: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

export type Facts = FileFacts | { readonly because: string };

/** Reads a file whole, as the program that uses it would. @returns what is wrong with it, if so. */
export async function factsOf(path: string, content: FileFacts['content']): Promise<Facts> {
  if (content === 'mmdb') return databaseFacts(path);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown error');
  return typeof bytes === 'string' ? { because: `it cannot be read (${bytes})` } : rangeFacts(bytes);
}

/** What a provider's file of address ranges says of itself. */
export function rangeFacts(bytes: Buffer): Facts {
  const reading = parseRangeFile(bytes);
  if (reading.kind === 'problem') return { because: reading.problem.what };
  const { series, edition, serial, builtMs } = reading.file;
  const built = builtMs === undefined ? {} : { builtMs };
  return { content: 'ranges', subject: series, edition, serial, ...built, sha256: sha256Of(bytes) };
}

async function databaseFacts(path: string): Promise<Facts> {
  try {
    const { info } = await openDatabase(path, 'operator');
    const { edition, builtMs, sha256 } = info;
    return { content: 'mmdb', subject: edition, edition, serial: builtMs, builtMs, sha256 };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { because: error.problems[0]?.what ?? 'it cannot be read' };
  }
}
