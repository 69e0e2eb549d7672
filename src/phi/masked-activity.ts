import type { Activity, Party } from '../transfers/transfer.ts';

/** An activity as it may be shown: identifiers masked, query strings dropped. */
export interface MaskedActivity {
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly kind: Activity['kind'];
  readonly protocol: Activity['protocol'];
  readonly sender: Party;
  readonly receiver: Party;
  readonly bytes?: number;
  readonly method?: string;
  readonly status?: number;
  readonly url?: string;
  readonly path?: string;
  readonly contentType?: string;
  readonly account?: string;
  readonly key?: string;
}
