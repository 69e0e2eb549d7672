import { OperatorError } from '../errors/problem.ts';
import { inFileOrder, type LineReader } from '../formats/format.ts';
import { type ArchiveFacts, archiveSha256, inspectArchive } from '../sources/file/archive.ts';
import { encodingOf } from '../sources/file/encoding.ts';
import { DEFAULT_MAX_LINE_BYTES, splitLines } from '../sources/file/split-lines.ts';
import type { SourceSettings } from '../sources/settings.ts';

/** One archived log and the source it belongs to. */
export interface ArchivedLog {
  readonly path: string;
  readonly source: SourceSettings;
  /** It was found in a directory, and may be no log at all. */
  readonly found?: true;
}

/** What there is to replay, in order. */
export interface ReplayPlan {
  readonly logs: readonly PlannedLog[];
  /** Paths that were left out, since they hold what another one holds. */
  readonly same: readonly string[];
  /** Paths in directories that hold no record of their source's format. */
  readonly others: readonly string[];
}

export interface PlannedLog {
  readonly path: string;
  readonly source: SourceSettings;
  /** Bytes on the disk. */
  readonly bytes: number;
}

interface Candidate extends ArchivedLog {
  readonly facts: ArchiveFacts;
  readonly firstTimeMs: number | undefined;
}

/** Enough for the first record of any log, behind whatever header. */
const HEAD_BYTES = 64 * 1024;

/**
 * Orders logs by the time of their first record; one without any stands where its modification time puts it. Of files that
 * hold the same, plain or packed, only the first is taken.
 *
 * @throws OperatorError when a log cannot be read, or nothing is left of a directory.
 */
export async function planReplay(
  logs: readonly ArchivedLog[],
  readerOf: (source: SourceSettings) => LineReader,
): Promise<ReplayPlan> {
  const candidates: Candidate[] = [];
  const same: string[] = [];
  const others: string[] = [];
  for (const log of logs) {
    const facts = await inspectArchive(log.path, HEAD_BYTES);
    const candidate = { ...log, facts, firstTimeMs: firstTimeMs(log, facts, inFileOrder(readerOf(log.source))) };
    if (log.found === true && candidate.firstTimeMs === undefined) others.push(log.path);
    else if (await isAmong(candidates, candidate)) same.push(log.path);
    else candidates.push(candidate);
  }
  if (candidates.length === 0 && others.length > 0) throw nothingFound(others);
  const timeOf = ({ firstTimeMs, facts }: Candidate) => firstTimeMs ?? facts.modifiedMs;
  candidates.sort((one, other) => timeOf(one) - timeOf(other));
  return {
    logs: candidates.map(({ path, source, facts }) => ({ path, source, bytes: facts.size })),
    same,
    others,
  };
}

async function isAmong(candidates: readonly Candidate[], one: Candidate): Promise<boolean> {
  for (const other of candidates) {
    if (other.source.name !== one.source.name) continue;
    if (other.facts.device === one.facts.device && other.facts.inode === one.facts.inode) return true;
    if (one.facts.head.length === 0 || !one.facts.head.equals(other.facts.head)) continue;
    if (one.facts.head.length < HEAD_BYTES) return true;
    if ((await archiveSha256(one.path)) === (await archiveSha256(other.path))) return true;
  }
  return false;
}

function firstTimeMs(
  { path, source }: ArchivedLog,
  { head, modifiedMs }: ArchiveFacts,
  read: LineReader,
): number | undefined {
  const { lines } = splitLines(
    head,
    { offset: 0, withinLine: false },
    {
      source: source.name,
      path,
      writtenBeforeMs: modifiedMs,
      encoding: encodingOf(head),
      maxLineBytes: DEFAULT_MAX_LINE_BYTES,
      maxLines: Number.POSITIVE_INFINITY,
      maxBytes: Number.POSITIVE_INFINITY,
      last: head.length < HEAD_BYTES,
    },
  );
  for (const { text, writtenBeforeMs } of lines) {
    const reading = read(text, { writtenBeforeMs });
    if (reading.kind === 'record') return reading.record.timeMs;
  }
  return undefined;
}

function nothingFound(others: readonly string[]): OperatorError {
  const [first = ''] = others;
  return new OperatorError([
    {
      code: 'source.unreadable',
      what: 'Found no record of the format in any file of the directory',
      where: { file: first },
      todo: 'name the source with --source, or its format with --format; see phi-egress formats',
    },
  ]);
}
