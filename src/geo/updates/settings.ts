import type { Secret } from '../../errors/secret.ts';

/** The providers whose range files are fetched. */
export type RangeProvider = 'aws' | 'gcp' | 'azure' | 'oracle';

export interface MaxMindAccount {
  readonly account: Secret;
  readonly key: Secret;
}

/** How databases and range files are kept fresh. */
export interface UpdateSettings {
  /** Where the files are put: `geo.directory`, absolute. */
  readonly directory: string;
  /** crontab(5), five fields, in the host's time zone; absent: only `phi-egress geo update` updates. */
  readonly schedule?: string;
  /** A scheduled update begins up to so many ms later, so that not all hosts ask at once. */
  readonly jitterMs: number;
  /** MaxMind's names of editions. */
  readonly editions: readonly string[];
  /** Absent where a mirror is asked. */
  readonly maxmind?: MaxMindAccount;
  readonly cloudRanges: readonly RangeProvider[];
  /** URL of a directory, with a slash at its end, that is asked in place of MaxMind and the providers. */
  readonly mirror?: string;
  /** Directory from which files are taken, absolute. */
  readonly drop?: string;
  /** minisign public keys: if there are any, what is dropped must be signed with one of them. */
  readonly signedBy: readonly string[];
  /** PEM file of certificates that are trusted besides those that Node.js brings, absolute. */
  readonly ca?: string;
}
