import type { Settings } from '../config/settings.ts';
import { addGap } from '../coverage/gap.ts';
import { EMPTY_LEDGER, extend } from '../evidence/ledger.ts';
import type { StateReset } from '../store/reset.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Logger } from './logger.ts';
import type { Beginnings } from './mend-state.ts';

/**
 * Opens the state. Where it is damaged and the configuration says so, a new one is begun beside it: that is said in the
 * agent's log, is the first record of the new ledger, and a gap of every source.
 *
 * @throws OperatorError as `openStore` does; `state.damaged` where the agent is to stop.
 */
export function openState({ agent, sources }: Pick<Settings, 'agent' | 'sources'>, logger: Logger): Store {
  const { state, onCorruptState } = agent;
  const names = sources.map(({ name }) => name);
  const onDamage =
    onCorruptState === 'stop'
      ? undefined
      : ({ from: onCorruptState === 'from-start' ? 'start' : 'end', sources: names } as const);
  const store = openStore(state, Date.now, onDamage);
  try {
    if (store.reset !== undefined && store.loadState().ledgerHead === undefined) record(store, store.reset, logger);
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Where sources begin that were not looked at since the state was begun anew. */
export function beginningsAfter({ reset, loadState }: Pick<Store, 'reset' | 'loadState'>): Beginnings {
  if (reset === undefined) return new Map();
  const { sourcesSeen } = loadState();
  const start = reset.from === 'start' ? 'beginning' : 'end';
  return new Map(reset.sources.filter((it) => !sourcesSeen.has(it)).map((it) => [it, start]));
}

function record(store: Store, reset: StateReset, logger: Logger): void {
  const { because, movedTo, lastWrittenMs, keySalvaged, ledgerHead, from, sources } = reset;
  logger.error(
    { because, movedTo, keySalvaged, ledgerHead, from, lastWritten: new Date(lastWrittenMs).toISOString() },
    'the state was damaged, was moved aside, and a new one is begun',
  );
  const nowMs = Date.now();
  const fromMs = Math.min(lastWrittenMs, nowMs);
  // What is read again from its beginning is not missed; what is read from its end on may be.
  const noticed = { fromMs, untilMs: nowMs, lasts: false, unwatched: from === 'end', count: 1, because };
  store.commit({
    ledger: extend(EMPTY_LEDGER, [
      { kind: 'state-reset', because, movedTo, ...(ledgerHead !== undefined && { follows: ledgerHead }) },
    ]),
    gaps: sources.flatMap((source) => addGap([], source, { kind: 'state-reset', ...noticed })),
  });
}
