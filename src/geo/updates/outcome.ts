import type { FileFacts } from './facts.ts';

/** What became of one file that was asked for, or dropped. */
export type Outcome = {
  /** The feed, or the dropped file's name. */
  readonly name: string;
  readonly from: 'publisher' | 'mirror' | 'drop';
} & (
  | {
      readonly kind: 'updated';
      /** Its name in the directory. */
      readonly file: string;
      readonly facts: FileFacts;
      /** What it replaced. */
      readonly before?: FileFacts;
      /** Other files of earlier editions that were deleted. */
      readonly removed: readonly string[];
    }
  | { readonly kind: 'unchanged'; readonly file: string; readonly facts: FileFacts }
  | {
      readonly kind: 'failed';
      readonly because: string;
      readonly todo?: string;
      /** ms since the epoch: the server wants to be left alone until then. */
      readonly notBeforeMs?: number;
    }
);
