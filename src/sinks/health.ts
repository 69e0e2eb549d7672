import type { ItemVerdict, Verdict } from './verdict.ts';

/** What keeps a sink from taking alerts. */
export interface Trouble {
  /** It lasts until the operator mends something. */
  readonly isHeld: boolean;
  readonly because: string;
  /** When the first of the failures in a row was; ms since the epoch, by our clock. */
  readonly sinceMs: number;
}

/** How a sink fares. */
export interface SinkHealth {
  readonly sink: string;
  /** It was tried since the start, or has nothing to be tried with. */
  readonly isKnown: boolean;
  readonly trouble?: Trouble;
}

/** What a sink suffers from once it has answered so; `undefined`: nothing. */
export function troubleAfter(before: Trouble | undefined, verdict: Verdict, nowMs: number): Trouble | undefined {
  switch (verdict.kind) {
    case 'stored':
    case 'never':
      return undefined;
    case 'split':
      return before;
    case 'again':
    case 'hold':
      return {
        isHeld: verdict.kind === 'hold',
        because: verdict.because,
        sinceMs: before?.sinceMs ?? nowMs,
      };
    case 'each':
      return troubleAfter(before, worstOf(verdict.items), nowMs);
    default:
      return verdict satisfies never;
  }
}

function worstOf(items: readonly ItemVerdict[]): ItemVerdict {
  return items.find(({ kind }) => kind === 'again') ?? { kind: 'stored' };
}
