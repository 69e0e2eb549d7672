import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { OperatorError } from '../errors/problem.ts';
import type { LedgerHead } from '../evidence/ledger.ts';
import { createDatabase, databasePath, newDatabasePath } from './database.ts';
import { syncDirectory } from './files.ts';
import { salvageLedgerHead, salvageMaskingKey } from './salvage.ts';

/** How a state is begun anew in place of a damaged one. */
export interface ResetChoice {
  /** Where the logs are read from. */
  readonly from: 'start' | 'end';
  /** Sources that this holds for. */
  readonly sources: readonly string[];
}

/** A state that was begun anew: kept in it for good. */
export interface StateReset extends ResetChoice {
  /** What was wrong with the one before. */
  readonly because: string;
  /** Name of its database now, in the same directory. */
  readonly movedTo: string;
  /** When it was last written to, ms since the epoch, by the file system's clock. */
  readonly lastWrittenMs: number;
  /** The masking key went over, so that tokens can be held against those from before. */
  readonly keySalvaged: boolean;
  /** Where its ledger ended; absent when that could not be read. */
  readonly ledgerHead?: LedgerHead;
}

/** A disk that damages one database after the other must not be filled by them as well. */
const MOST_SET_ASIDE = 5;
const SIDE_FILES = ['-wal', '-shm'] as const;

/**
 * Moves a damaged database aside, with what stands beside it, and puts a new one in its place. Nothing is deleted. The new
 * one is whole before the old one is touched, so that a kill in between is mended by `finishReset`.
 *
 * @throws OperatorError `state.damaged` when so many stand there already that the disk is not to be trusted.
 */
export function beginAnew(
  directory: string,
  because: string,
  choice: ResetChoice,
  lastWrittenMs: number,
  nowMs: number,
) {
  const path = databasePath(directory);
  refuseTooMany(path);
  const pieces = [path, `${path}-wal`].filter((it) => existsSync(it));
  const key = salvageMaskingKey(pieces);
  const ledgerHead = salvageLedgerHead(path);
  const aside = freeName(path, nowMs);
  const reset: StateReset = {
    ...choice,
    because,
    movedTo: basename(aside),
    lastWrittenMs,
    keySalvaged: key !== undefined,
    ...(ledgerHead !== undefined && { ledgerHead }),
  };
  createDatabase(directory, (db) => {
    if (key !== undefined) db.prepare("UPDATE meta SET value = ? WHERE key = 'masking_key'").run(key);
    db.prepare("INSERT INTO meta (key, value) VALUES ('reset', ?)").run(Buffer.from(JSON.stringify(reset)));
  });
  putInPlace(directory, reset);
}

/** Ends a reset that was begun and not finished. What a first start left half made is thrown away: nothing was in it. */
export function finishReset(directory: string): void {
  const fresh = newDatabasePath(directory);
  if (!existsSync(fresh)) return;
  const reset = resetIn(fresh);
  if (reset === undefined) rmSync(fresh, { force: true });
  else putInPlace(directory, reset);
}

export function readReset(db: Database): StateReset | undefined {
  const value = db.prepare<[], Buffer>("SELECT value FROM meta WHERE key = 'reset'").pluck().get();
  return value === undefined ? undefined : (JSON.parse(value.toString()) as StateReset);
}

/** When any part of a database was last written to; ms since the epoch. */
export function lastWritten(directory: string): number {
  const path = databasePath(directory);
  const times = [path, `${path}-wal`].map((it) => statSync(it, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.floor(Math.max(...times));
}

/** The database goes first: beside a new one, the write-ahead log of an old one would be read into it. */
function putInPlace(directory: string, { movedTo }: StateReset): void {
  const path = databasePath(directory);
  const aside = join(directory, movedTo);
  if (existsSync(path)) renameSync(path, aside);
  for (const suffix of SIDE_FILES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  renameSync(newDatabasePath(directory), path);
  syncDirectory(directory);
}

function refuseTooMany(path: string): void {
  const isSetAside = (name: string) => name.startsWith(`${basename(path)}.damaged-`) && !/-(?:wal|shm)$/.test(name);
  if (readdirSync(dirname(path)).filter(isSetAside).length < MOST_SET_ASIDE) return;
  const what = `The database is damaged again, and ${MOST_SET_ASIDE} damaged ones are kept beside it already`;
  const todo = 'look at the disk and the kernel log, then move those files away';
  throw new OperatorError([{ code: 'state.damaged', what, where: { file: path }, todo }]);
}

/** `phi-egress.db.damaged-20261125T223000Z`, with a number where there is one of that second already. */
function freeName(path: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  for (let number = 1; ; number++) {
    const name = `${path}.damaged-${stamp}${number === 1 ? '' : `-${number}`}`;
    if (!existsSync(name)) return name;
  }
}

function resetIn(path: string): StateReset | undefined {
  let db: Database | undefined;
  try {
    db = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
    return readReset(db);
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}
