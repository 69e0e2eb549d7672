import { rm } from 'node:fs/promises';
import type { Alert, EgressAlert } from '../alerts/alert.ts';
import type { Settings } from '../config/settings.ts';
import { EMPTY_WINDOW, gather } from '../coverage/reading-window.ts';
import { OperatorError } from '../errors/problem.ts';
import { AUTO } from '../formats/registry.ts';
import { openLocator } from '../geo/locator.ts';
import { createMasker } from '../phi/masking.ts';
import { readArchive } from '../sources/file/archive.ts';
import type { SplitFrom } from '../sources/file/split-lines.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { SourceCounts } from '../store/batch.ts';
import { maskingKeyOf, settledFormatsOf } from '../store/read-only.ts';
import { openStore, type Store } from '../store/store.ts';
import { inspectLines } from './inspect-lines.ts';
import { Memory } from './memory.ts';
import { type ArchivedLog, type PlannedLog, planReplay, type ReplayPlan } from './replay-plan.ts';
import { type ReadSource, remarksOn } from './replay-remarks.ts';
import {
  makeScratch,
  PLACE,
  placeFrom,
  type ReplayPlace,
  type ReplayTask,
  readTask,
  stateIn,
} from './replay-scratch.ts';
import { SessionSeal } from './sealed-sessions.ts';
import { undetermined, withFormat } from './settle-format.ts';
import { stagesFrom } from './stages.ts';

export interface ReplayProgress {
  readonly path: string;
  /** Files done before this one, and files in all. */
  readonly filesDone: number;
  readonly files: number;
  /** Of all files, since this process began. */
  readonly lines: number;
  /** Of all files, as they are on the disk: read so far, read before this process began, and all. */
  readonly bytes: number;
  readonly bytesBefore: number;
  readonly bytesInAll: number;
  /** The directory that a replay which is killed now can be gone on from. */
  readonly scratch: string;
}

export interface Replayed {
  readonly kind: 'done';
  /** As they stand after the last line, the latest seen first. */
  readonly alerts: readonly EgressAlert[];
  readonly findings: number;
  readonly sources: readonly SourceCounts[];
  readonly files: number;
  /** What was not seen of the logs since this process began, a sentence or two each. */
  readonly remarks: readonly string[];
}

/** It was stopped, and can be gone on with from this directory. */
export interface Stopped {
  readonly kind: 'stopped';
  readonly scratch: string;
}

export interface ReplayOptions {
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Is told what will be replayed, and what was left out. */
  readonly onPlan?: (plan: ReplayPlan) => void;
  /** Is shown the state before it is removed. */
  readonly visit?: (store: Store) => void;
  /** Aborting it stops the replay behind what is in hand. */
  readonly signal?: AbortSignal;
  /** For whoever goes on with it: where alerts go, and how it is printed. */
  readonly output?: Pick<ReplayTask, 'alerts' | 'json'>;
}

/**
 * Takes archived logs through the same pipeline as the daemon, the oldest first, into a state of its own that is removed
 * again at the end. The findings and their ids are those of having tailed the logs, and do not depend on whether it was
 * stopped, or killed, and gone on with.
 *
 * @throws OperatorError when a log cannot be read.
 */
export async function replay(
  settings: Settings,
  logs: readonly ArchivedLog[],
  options: ReplayOptions = {},
): Promise<Replayed | Stopped> {
  // The tokens of masked values are those of the daemon, so that they can be held against its alerts.
  const maskingKey = maskingKeyOf(settings.agent.state);
  const locator = await openLocator(settings.geo);
  const stagesOf = stagesFrom(settings, locator, createMasker(maskingKey));
  const own = await withOwnFormats(logs, settledFormatsOf(settings.agent.state), settings.sources);
  const plan = await planReplay(own, (source) => stagesOf(source).read);
  options.onPlan?.(plan);
  const scratch = await makeScratch({
    config: settings.file,
    configuration: settings.sha256,
    maskingKey: maskingKey.toString('base64'),
    logs: plan.logs.map(({ path, source, bytes }) => ({
      ...{ path, source: source.name, bytes },
      ...(isOverridden(source, settings) && { format: source.format }),
    })),
    json: false,
    ...options.output,
  });
  return runReplay(settings, plan.logs, scratch, stagesOf, options);
}

/** Goes on with a replay that was stopped. @throws OperatorError when its configuration or a log is no longer the same. */
export async function resumeReplay(
  settings: Settings,
  scratch: string,
  options: ReplayOptions = {},
): Promise<Replayed | Stopped> {
  const task = readTask(scratch);
  if (task.configuration !== settings.sha256) throw changed('The configuration', settings.file);
  const logs = task.logs.map(({ path, source: name, format, bytes }) => {
    const source = settings.sources.find((it) => it.name === name);
    if (source === undefined) throw changed('The configuration', settings.file);
    return { path, source: format === undefined ? source : { ...source, format }, bytes };
  });
  const locator = await openLocator(settings.geo);
  const masker = createMasker(Buffer.from(task.maskingKey, 'base64'));
  return runReplay(settings, logs, scratch, stagesFrom(settings, locator, masker), options);
}

async function runReplay(
  settings: Settings,
  logs: readonly PlannedLog[],
  scratch: string,
  stagesOf: ReturnType<typeof stagesFrom>,
  { onProgress = () => {}, visit = () => {}, signal }: ReplayOptions,
): Promise<Replayed | Stopped> {
  const store = openStore(stateIn(scratch), Date.now);
  try {
    const state = store.loadState();
    const start = placeFrom(state.cursors.get(PLACE));
    const memory = new Memory(state, new SessionSeal(store.maskingKey));
    const context = { settings: settings.alerts, gateway: settings.agent.name, nowMs: Date.now() };
    const bytesUpTo = (log: number) => logs.slice(0, log).reduce((sum, it) => sum + it.bytes, 0);
    const bytesBefore = bytesUpTo(start.log);
    const readSources = new Map<string, ReadSource>();
    let lines = 0;
    for (const [index, { path, source }] of logs.entries()) {
      if (index < start.log) continue;
      let read = 0;
      const onRead = (bytes: number) => {
        read += bytes;
      };
      const stages = stagesOf(source);
      for await (const piece of piecesOf(path, source, index === start.log ? start : undefined, onRead)) {
        if (signal?.aborted === true) return { kind: 'stopped', scratch };
        const inspected = inspectLines(source.name, piece.lines, stages, memory);
        const { findings, counts, samples, unreadableTexts } = inspected;
        const window = gather(readSources.get(source.name)?.window ?? EMPTY_WINDOW, counts, unreadableTexts);
        readSources.set(source.name, { source, window });
        const absorbed = memory.absorb(store.unseen(findings), context, []);
        const cursors = [{ source: PLACE, cursor: JSON.stringify({ log: index, ...piece.after }) }];
        store.commit({ sessions: memory.takeSessions(), counts: [counts], samples, cursors, ...absorbed });
        lines += piece.lines.length;
        onProgress({
          ...{ path, filesDone: index, files: logs.length, lines, bytesBefore, scratch },
          bytes: bytesUpTo(index) + read,
          bytesInAll: bytesUpTo(logs.length),
        });
      }
    }
    visit(store);
    const { findings, sources } = store.queries.statusCounts();
    const alerts = store.queries.listAlerts({}).filter(isEgress);
    const remarks = remarksOn(readSources.values(), sources, settings);
    await rm(scratch, { recursive: true, force: true });
    return { kind: 'done', alerts, findings, sources, files: logs.length, remarks };
  } catch (error) {
    const isUntouched = placeFrom(store.loadState().cursors.get(PLACE)).offset === 0;
    if (isUntouched) await rm(scratch, { recursive: true, force: true });
    throw error;
  } finally {
    store.close();
  }
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
  for (const log of logs) {
    const { source } = log;
    const own = logs.filter((it) => it.source.name === source.name).map((it) => it.path);
    const known = await withFormat(source, formats, own);
    if ('undecided' in known) {
      const at = sources.findIndex(({ name }) => name === source.name);
      throw new OperatorError([undetermined(source.name, at, known.undecided)]);
    }
    if (source.format === AUTO && typeof known.format === 'string') formats.set(source.name, known.format);
    found.push({ ...log, source: known });
  }
  return found;
}

/** @throws OperatorError when a log that was read in part begins otherwise now. */
async function* piecesOf(
  path: string,
  source: SourceSettings,
  start: ReplayPlace | undefined,
  onRead: (bytes: number) => void,
) {
  if (start === undefined || start.offset === 0) {
    yield* readArchive(path, source.name, { onRead });
    return;
  }
  for await (const { lines } of readArchive(path, source.name)) {
    if (lines[0]?.place.file !== start.contentId) throw changed('The log', path);
    break;
  }
  const { offset, withinLine, contentId } = start;
  const from: SplitFrom = { offset, withinLine, ...(contentId !== undefined && { contentId }) };
  yield* readArchive(path, source.name, { from, onRead });
}

/** Conditions follow the clock, so a replay has none. */
function isEgress(alert: Alert): alert is EgressAlert {
  return alert.kind === 'egress';
}

function isOverridden(source: SourceSettings, { sources }: Settings): boolean {
  return sources.find((it) => it.name === source.name)?.format !== source.format;
}

function changed(what: string, file: string): OperatorError {
  return new OperatorError([
    {
      code: 'cli.bad-argument',
      what: `${what} is not what it was when the replay was stopped`,
      where: { file },
      todo: 'put it back as it was, or start the replay anew',
    },
  ]);
}
