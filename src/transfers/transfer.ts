import type { FileProtocol } from '../formats/record.ts';
import type { LinePlace } from '../sources/line.ts';

/** One end of a movement of data. What the log does not tell is absent. */
export interface Party {
  readonly ip?: string;
  readonly port?: number;
  readonly host?: string;
  readonly user?: string;
}

/** `ip`: a connection of which a firewall or sensor saw the ends and sizes. */
export type Protocol = FileProtocol | 'https' | 'tunnel' | 'ssh' | 'ip';

/**
 * What carried the data:
 * `body` a request or response body; `tunnel` an encrypted tunnel whose content the log cannot see; `url` nothing but the
 * request line itself (a GET's query); `file` a file on a file server, or one that a sensor saw in a connection; `flow` a
 * connection whose content nobody looked at.
 */
export type Vehicle = 'body' | 'tunnel' | 'url' | 'file' | 'flow';

interface Observed {
  readonly source: string;
  /** Together with `source` and `part`, names the activity: the same whenever and wherever the line is read. */
  readonly place: LinePlace;
  /** Which of a line's activities it is. */
  readonly part: 'to-server' | 'to-client' | 'access';
  readonly timeMs: number;
  readonly protocol: Protocol;
  /** Account and key that the operator's own server accepted. */
  readonly account?: string;
  readonly key?: string;
  readonly session?: string;
}

/** One movement of data out of the operator's side, from a sender to a receiver. */
export interface Transfer extends Observed {
  readonly kind: 'transfer';
  readonly vehicle: Vehicle;
  readonly sender: Party;
  /** The party whose location matters. */
  readonly receiver: Party;
  /** As the log counts them. Absent when not told: that is not 0. */
  readonly bytes?: number;
  /** How long the proxy's own connection to the receiver took to come about, at most (ms): one round trip. */
  readonly connectMs?: number;
  /** `delivered`: status and bytes say that the receiver got it. `attempted`: it may not have. */
  readonly reach: 'delivered' | 'attempted';
  readonly url?: string;
  readonly method?: string;
  readonly status?: number;
  readonly contentType?: string;
  readonly path?: string;
  readonly dlp?: { readonly engine: string; readonly rule?: string };
  /** Set when the receiver's address is missing for a known reason, in words that an analyst understands. */
  readonly addressMissing?: string;
}

/** A login to the operator's own server that succeeded. It counts although nothing has moved yet. */
export interface Access extends Observed {
  readonly kind: 'access';
  /** The party that logged in. */
  readonly receiver: Party;
  readonly sender: Party;
  readonly authMethod?: string;
}

/** What can be judged: data that moved, or access that was given. */
export type Activity = Transfer | Access;
