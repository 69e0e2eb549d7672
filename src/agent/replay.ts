import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert } from '../alerts/alert.ts';
import type { Settings } from '../config/settings.ts';
import { OperatorError } from '../errors/problem.ts';
import { inFileOrder } from '../formats/format.ts';
import { openLocator } from '../geo/locator.ts';
import { createMasker } from '../phi/masking.ts';
import { readArchive } from '../sources/file/archive.ts';
import type { Line } from '../sources/line.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { SourceCounts } from '../store/batch.ts';
import { maskingKeyOf, settledFormatsOf } from '../store/read-only.ts';
import { openStore, type Store } from '../store/store.ts';
import { inspectLines } from './inspect-lines.ts';
import { Memory } from './memory.ts';
import { SessionSeal } from './sealed-sessions.ts';
import { undetermined, withFormat } from './settle-format.ts';
import { stagesFrom } from './stages.ts';

/** One archived log and the source it belongs to. */
export interface ArchivedLog {
  readonly path: string;
  readonly source: SourceSettings;
}

export interface ReplayProgress {
  readonly path: string;
  /** Files done before this one, and files in all. */
  readonly filesDone: number;
  readonly files: number;
  /** Of all files so far. */
  readonly lines: number;
  /** Of this file so far, unpacked. */
  readonly bytes: number;
}

export interface Replayed {
  /** As they stand after the last line, the latest seen first. */
  readonly alerts: readonly Alert[];
  readonly findings: number;
  readonly sources: readonly SourceCounts[];
}

/**
 * Takes archived logs through the same pipeline as the daemon, the oldest first, into a state of its own that is removed
 * again. The findings and their ids are those of having tailed the logs.
 *
 * @param visit is shown the state before it is removed.
 * @throws OperatorError when a log cannot be read.
 */
export async function replay(
  settings: Settings,
  logs: readonly ArchivedLog[],
  onProgress: (progress: ReplayProgress) => void,
  visit: (store: Store) => void = () => {},
): Promise<Replayed> {
  const locator = await openLocator(settings.geo);
  // The tokens of masked values are those of the daemon, so that they can be held against its alerts.
  const stagesOf = stagesFrom(settings, locator, createMasker(maskingKeyOf(settings.agent.state)));
  const directory = await mkdtemp(join(tmpdir(), 'phi-egress-replay-'));
  const store = openStore(join(directory, 'state'), Date.now);
  try {
    const memory = new Memory(store.loadState(), new SessionSeal(store.maskingKey));
    const context = { settings: settings.alerts, gateway: settings.agent.name, nowMs: Date.now() };
    let lines = 0;
    const settled = settledFormatsOf(settings.agent.state);
    const ordered = await oldestFirst(await withOwnFormats(logs, settled, settings.sources), stagesOf);
    for (const [filesDone, { path, source }] of ordered.entries()) {
      const stages = stagesOf(source);
      for await (const batch of readArchive(path, source.name)) {
        const { findings, counts, samples } = inspectLines(source.name, batch, stages, memory);
        const absorbed = memory.absorb(store.unseen(findings), context, []);
        store.commit({ sessions: memory.takeSessions(), counts: [counts], samples, ...absorbed });
        lines += batch.length;
        onProgress({ path, filesDone, files: ordered.length, lines, bytes: bytesUpTo(batch.at(-1)) });
      }
    }
    visit(store);
    const { findings, sources } = store.queries.statusCounts();
    return { alerts: store.queries.listAlerts({}), findings, sources };
  } finally {
    store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function bytesUpTo(line: Line | undefined): number {
  return line === undefined ? 0 : line.place.offset + line.place.bytes;
}

/**
 * The logs with their sources' formats in place of `auto`: the one that the daemon settled on, else what the archives
 * themselves tell.
 *
 * @throws OperatorError `format.undetermined`
 */
async function withOwnFormats(
  logs: readonly ArchivedLog[],
  settled: ReadonlyMap<string, string>,
  sources: readonly SourceSettings[],
): Promise<readonly ArchivedLog[]> {
  const formats = new Map(settled);
  const found: ArchivedLog[] = [];
  for (const { path, source } of logs) {
    const own = logs.filter((it) => it.source.name === source.name).map((it) => it.path);
    const known = await withFormat({ ...source, paths: own }, formats);
    if ('undecided' in known) {
      const at = sources.findIndex(({ name }) => name === source.name);
      throw new OperatorError([undetermined(source.name, at, known.undecided)]);
    }
    if (typeof known.format === 'string') formats.set(source.name, known.format);
    found.push({ path, source: { ...source, format: known.format } });
  }
  return found;
}

/** By the time of their first record; a file without one stands where its modification time puts it. */
async function oldestFirst(
  logs: readonly ArchivedLog[],
  stagesOf: ReturnType<typeof stagesFrom>,
): Promise<readonly ArchivedLog[]> {
  const dated = await Promise.all(logs.map(async (log) => ({ log, timeMs: await firstTimeMs(log, stagesOf) })));
  return dated.sort((one, other) => one.timeMs - other.timeMs).map(({ log }) => log);
}

async function firstTimeMs({ path, source }: ArchivedLog, stagesOf: ReturnType<typeof stagesFrom>): Promise<number> {
  const read = inFileOrder(stagesOf(source).read);
  for await (const batch of readArchive(path, source.name)) {
    for (const { text, writtenBeforeMs } of batch) {
      const reading = read(text, { writtenBeforeMs });
      if (reading.kind === 'record') return reading.record.timeMs;
    }
    break;
  }
  return (await stat(path)).mtimeMs;
}
