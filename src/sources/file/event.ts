/** Something about a file that its lines do not tell. None of them stops the tail. */
export type SourceEvent =
  /**
   * The file lost what it held after `offset` bytes of it were read. What was unread is read from its copy; without one
   * (`continuedIn` absent) it is lost, if there was any.
   */
  | {
      readonly kind: 'truncated';
      readonly source: string;
      readonly path: string;
      readonly offset: number;
      readonly continuedIn?: string;
    }
  /** The file is gone, and so is whatever was in it beyond `offset`. */
  | { readonly kind: 'vanished'; readonly source: string; readonly path: string; readonly offset: number }
  /** The line at `offset` was longer than the limit; its first `keptBytes` were handed on, the rest is skipped. */
  | {
      readonly kind: 'line-cut';
      readonly source: string;
      readonly path: string;
      readonly offset: number;
      readonly keptBytes: number;
    }
  /** A file or directory cannot be read (`code`: `EACCES`, `EIO` ...). Tried again at every read, told when it changes. */
  | { readonly kind: 'unreadable'; readonly source: string; readonly path: string; readonly code: string };
