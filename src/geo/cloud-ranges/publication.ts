import type { Gathered, RangeRow } from './gather.ts';
import type { RangeFile } from './range-file.ts';

/** How one provider publishes its ranges. */
export interface Publication {
  readonly provider: RangeFile['provider'];
  /** The document that describes the file. */
  readonly manual: string;
  /** Whether a file that was read as JSON is this provider's, by keys that no other has. */
  readonly recognises: (document: Readonly<Record<string, unknown>>) => boolean;
  /** @returns the file's rows, or what of its form is wrong. */
  readonly read: (document: unknown) => PublicationReading;
}

export type PublicationReading =
  | (Pick<RangeFile, 'series' | 'serial' | 'edition' | 'builtMs'> & { readonly rows: Iterable<RangeRow> })
  | Extract<Gathered, { readonly because: string }>;
