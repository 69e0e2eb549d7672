import type { Settings } from '../config/settings.ts';
import { addGap, type GapKind, type NoticedGap } from '../coverage/gap.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';
import { isMisfit, positionAtEnd, positionAtStart } from '../sources/file/fit.ts';
import type { FilePosition } from '../sources/file/position.ts';
import { readPosition } from '../sources/journald/position.ts';
import type { CommitBatch, StoredState } from '../store/batch.ts';
import type { Store } from '../store/store.ts';
import type { SavedSession } from '../transfers/session.ts';
import type { Logger } from './logger.ts';
import type { SessionSeal } from './sealed-sessions.ts';

/** Something stored that does not fit the world as it is. The state is sound otherwise. */
type Misfit =
  | { readonly kind: 'position'; readonly source: string; readonly position: FilePosition }
  | { readonly kind: 'cursor'; readonly source: string }
  | { readonly kind: 'sessions'; readonly source: string; readonly sessions: readonly SavedSession[] };

/** Sources that begin as if they were seen for the first time, and where. */
export type Beginnings = ReadonlyMap<string, 'beginning' | 'end'>;

/**
 * Looks for what was damaged within a sound database, and does with it what `agent.on-corrupt-state` says. A misfit resets
 * the file, source or session that it is about, and nothing else.
 *
 * @throws OperatorError `state.damaged` naming every misfit, where the agent is to stop.
 */
export async function mendState(
  store: Store,
  settings: Pick<Settings, 'agent' | 'sources'>,
  seal: SessionSeal,
  logger: Logger,
  nowMs: number,
): Promise<Beginnings> {
  const misfits = await findMisfits(store.loadState(), settings, seal);
  if (misfits.length === 0) return new Map();
  const choice = settings.agent.onCorruptState;
  if (choice === 'stop') throw new OperatorError(misfits.map(problemOf));
  const beginnings = new Map<string, 'beginning' | 'end'>();
  for (const misfit of misfits) {
    const { code, what, where } = problemOf(misfit);
    logger.error({ code, source: misfit.source, ...where, choice }, what);
    if (misfit.kind === 'cursor') beginnings.set(misfit.source, choice === 'from-start' ? 'beginning' : 'end');
    store.commit(await mended(misfit, choice, store, nowMs));
  }
  return beginnings;
}

async function findMisfits(
  { positions, cursors, sessions }: StoredState,
  { sources }: Pick<Settings, 'sources'>,
  seal: SessionSeal,
): Promise<readonly Misfit[]> {
  const followed = new Map<string, string>(sources.map(({ name, type }) => [name, type]));
  const misfits: Misfit[] = [];
  for (const position of positions) {
    if (followed.has(position.source) && (await isMisfit(position)))
      misfits.push({ kind: 'position', source: position.source, position });
  }
  for (const [source, cursor] of cursors) {
    if (followed.get(source) === 'journald' && readPosition(cursor) === undefined)
      misfits.push({ kind: 'cursor', source });
  }
  const broken = seal.broken(sessions);
  for (const source of new Set(broken.map((it) => it.source)))
    misfits.push({ kind: 'sessions', source, sessions: broken.filter((it) => it.source === source) });
  return misfits;
}

const REMEDY =
  'set agent.on-corrupt-state to from-start (read it again) or from-end (go on with what is written from now on), or restore a backup of the state directory';

function problemOf(misfit: Misfit): Problem {
  switch (misfit.kind) {
    case 'position': {
      const { path, offset } = misfit.position;
      const what = 'How far this log was read does not fit the log: the stored position stands within a line';
      return { code: 'state.damaged', what, where: { file: path, offset }, todo: REMEDY };
    }
    case 'cursor':
      return {
        code: 'state.damaged',
        what: `How far source ${misfit.source} was read cannot be told from the state`,
        todo: REMEDY,
      };
    case 'sessions': {
      const count = misfit.sessions.length;
      const what = `${count} open session${count === 1 ? '' : 's'} of source ${misfit.source} cannot be unsealed: the state was changed, or comes from elsewhere`;
      return { code: 'state.damaged', what, todo: REMEDY };
    }
    default:
      return misfit satisfies never;
  }
}

async function mended(
  misfit: Misfit,
  choice: 'from-start' | 'from-end',
  store: Store,
  nowMs: number,
): Promise<CommitBatch> {
  const { source } = misfit;
  const sinceMs = Math.min(store.coverageOf(source, nowMs).span?.untilMs ?? nowMs, nowMs);
  // What is read again from its beginning is not missed; what is read from its end on may be.
  const unwatched = choice === 'from-end';
  const gap = (kind: GapKind, differences: Partial<NoticedGap>) =>
    addGap([], source, { kind, fromMs: sinceMs, untilMs: nowMs, lasts: false, unwatched, count: 1, ...differences });
  switch (misfit.kind) {
    case 'position': {
      const { path, offset } = misfit.position;
      const position = unwatched ? await positionAtEnd(misfit.position) : positionAtStart(misfit.position);
      return { positions: [position], gaps: gap('position-reset', { path, offset }) };
    }
    case 'cursor':
      // Without a cursor, one that was seen before is read from its oldest entry on.
      return {
        forgottenCursors: [source],
        ...(unwatched && { forgottenSources: [source] }),
        gaps: gap('position-reset', {}),
      };
    case 'sessions':
      return {
        sessions: { saved: [], ended: misfit.sessions },
        gaps: gap('sessions-lost', { unwatched: false, count: misfit.sessions.length }),
      };
    default:
      return misfit satisfies never;
  }
}
