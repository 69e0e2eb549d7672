/** Something about a source that its lines do not tell. None of them stops the source. */
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
  /**
   * What lines come from cannot be read (`code`: `EACCES`, `EIO`, `EADDRINUSE` ...): `path` names the file, directory,
   * command or address. Tried again at every read, told when it changes.
   */
  | { readonly kind: 'unreadable'; readonly source: string; readonly path: string; readonly code: string }
  /** What was unreadable is read again. */
  | { readonly kind: 'readable'; readonly source: string; readonly path: string }
  /** The journal no longer holds the entry that was read last: whatever stood between that and its oldest is lost. */
  | { readonly kind: 'journal-vacuumed'; readonly source: string }
  /**
   * Datagrams did not reach us. `because`: a sender numbers its messages and some are missing, the kernel's buffer was
   * full, or ours was.
   */
  | {
      readonly kind: 'datagrams-lost';
      readonly source: string;
      readonly count: number;
      readonly because: 'sequence' | 'kernel' | 'buffer';
      readonly sender?: string;
    }
  /** A sender was turned away: it is not on the list, its TLS handshake failed, or too many are connected. */
  | {
      readonly kind: 'sender-refused';
      readonly source: string;
      readonly sender: string;
      readonly because: 'not-allowed' | 'handshake' | 'too-many-connections';
    };
