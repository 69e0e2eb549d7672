import type { Strength } from './indicator.ts';

/** A sender that holds PHI: what it sends is suspected PHI. */
export interface PhiSystem {
  readonly name: string;
  /** CIDR; the sender's address. */
  readonly networks: readonly string[];
  /** Globs (`**` crosses slashes); the path on our own file server. */
  readonly paths: readonly string[];
}

/** An indicator of the operator's own. */
export interface PhiPattern {
  readonly name: string;
  readonly in: 'url' | 'path' | 'file' | 'contentType';
  readonly regex: RegExp;
  /** 0 to 1: how likely a match is PHI, by itself. */
  readonly weight: number;
}

export interface PhiSettings {
  readonly systems: readonly PhiSystem[];
  /** From which strength on the rules take a transfer for PHI. */
  readonly threshold: Exclude<Strength, 'none'>;
  /** Hosts, exact or `*.`, that never receive PHI: software updates and the like. */
  readonly ignoreHosts: readonly string[];
  readonly patterns: readonly PhiPattern[];
}
