/** Whether the agent can do its work now. `because` is one line, and holds nothing of a log line. */
export type Readiness = { readonly kind: 'ready' } | { readonly kind: 'not-ready'; readonly because: string };

export interface ReadinessFacts {
  readonly phase: 'starting' | 'running' | 'stopping';
  /** Code or name of the error by which the last batch failed; absent when it is stored. */
  readonly storeTrouble?: string;
  /** Why a source cannot be read at the moment, by its name. */
  readonly sourceTroubles: ReadonlyMap<string, string>;
}

/** Ready is who watches every source and stores what it sees. A log that is not there yet is waited for, and is no trouble. */
export function readinessOf({ phase, storeTrouble, sourceTroubles }: ReadinessFacts): Readiness {
  if (phase === 'starting') return notReady('the sources were not looked at yet');
  if (phase === 'stopping') return notReady('the agent is stopping');
  const troubles = [
    ...(storeTrouble === undefined ? [] : [`the state cannot be written (${storeTrouble})`]),
    ...[...sourceTroubles].map(([source, because]) => `source ${source} cannot be read (${because})`),
  ];
  return troubles.length === 0 ? { kind: 'ready' } : notReady(troubles.join('; '));
}

function notReady(because: string): Readiness {
  return { kind: 'not-ready', because };
}
