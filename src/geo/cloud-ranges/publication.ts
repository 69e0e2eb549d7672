import type { Flaw, RangeRow } from './gather.ts';
import type { RangeFile } from './range-file.ts';

/** How one provider publishes its ranges. */
export interface Publication {
  readonly provider: RangeFile['provider'];
  /** The document that describes the file. */
  readonly manual: string;
  /** Whether a file that was read as JSON is this provider's, by keys that no other has. */
  readonly recognises: (document: Readonly<Record<string, unknown>>) => boolean;
  /** What the file is; its rows are read one by one, for there are tens of thousands. */
  readonly read: (document: Readonly<Record<string, unknown>>) => Published | Flaw;
}

export interface Published extends Pick<RangeFile, 'series' | 'serial' | 'edition' | 'builtMs'> {
  readonly rows: Iterable<RangeRow | Flaw>;
}
