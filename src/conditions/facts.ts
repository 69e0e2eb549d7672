import type { Gap } from '../coverage/gap.ts';
import type { ReadingWindow } from '../coverage/reading-window.ts';
import type { Stale } from '../geo/staleness.ts';
import type { FormatChoice } from '../sources/settings.ts';

/** What is known of one source, for the conditions to be judged by. */
export interface SourceFacts {
  readonly name: string;
  readonly format: FormatChoice;
  readonly timezone: string;
  /** Absent: it may be silent for as long as it likes. */
  readonly silenceMs?: number;
  /** ms since its last line, or since the start if none has come since; by a clock that cannot be set. */
  readonly quietMs: number;
  /** A line has come since the start. */
  readonly hasSpoken: boolean;
  /** Those that last, and those young enough. */
  readonly gaps: readonly Gap[];
  readonly window: ReadingWindow;
}

/** A domain that a vendor declares, and what it answered when it was looked up last. */
export interface EndpointFacts {
  readonly vendor: { readonly id: string; readonly name: string };
  /** As the register has it. */
  readonly domain: string;
  /** Absent before the first look since the start. */
  readonly look?: {
    /** ms since the epoch, by our clock. */
    readonly atMs: number;
    /** Addresses outside what the vendor's terms permit, and where they are. */
    readonly outside: readonly { readonly address: string; readonly place: string; readonly isConcern: boolean }[];
  };
}

/** How a sink fares. */
export interface SinkFacts {
  readonly name: string;
  /** Something is known of it since the start. */
  readonly isKnown: boolean;
  /** Absent: it takes what it is handed. */
  readonly trouble?: {
    /** It lasts until the operator mends something. */
    readonly isHeld: boolean;
    /** Nothing of an alert is in it. */
    readonly because: string;
    /** ms since the epoch, by our clock. */
    readonly sinceMs: number;
  };
  /** Alerts that it refused for good and that the operator has not yet seen to. Absent: none. */
  readonly refused?: {
    readonly count: number;
    /** The first and the latest; ms since the epoch, by our clock. */
    readonly sinceMs: number;
    readonly lastMs: number;
    /** Of the latest. */
    readonly because: string;
  };
}

/** How the synthetic transfers fared that must be found. */
export interface KnownAnswerFacts {
  /** Since the last that was found and delivered. */
  readonly failures: number;
  /** The first and the latest of them; ms since the epoch, by our clock. */
  readonly sinceMs?: number;
  readonly lastMs?: number;
  /** Sinks that the last did not reach; absent where it was not found at all. */
  readonly missingIn?: readonly string[];
}

export interface Facts {
  /** ms since the epoch, by our clock. */
  readonly nowMs: number;
  /** What showed once is over when it has not shown for this long (ms). */
  readonly closeAfterMs: number;
  readonly sources: readonly SourceFacts[];
  /** Databases and range files older than `geo.stale-after`; none where that is not set. */
  readonly staleFiles: readonly Stale[];
  /** Those that are watched. */
  readonly endpoints: readonly EndpointFacts[];
  readonly sinks: readonly SinkFacts[];
  /** Absent: there is no such test; `undetermined`: none was decided since the start. */
  readonly knownAnswer?: KnownAnswerFacts | 'undetermined';
}
