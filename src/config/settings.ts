import type { AlertsSettings } from '../alerts/settings.ts';
import type { ConditionsSettings } from '../conditions/settings.ts';
import type { ResidencySettings } from '../geo/residency.ts';
import type { GeoSettings } from '../geo/settings.ts';
import type { PhiSettings } from '../phi/settings.ts';
import type { RulesSettings } from '../rules/settings.ts';
import type { SinkSettings } from '../sinks/settings.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { Exception, Vendor } from '../vendors/vendor.ts';
import type { HttpListen } from './http-listen.ts';

/** The whole configuration, parsed: no units, no defaults, no file names left to resolve. */
export interface Settings {
  /** The main file, absolute. */
  readonly file: string;
  readonly agent: {
    /** Stands in every alert as `gateway`. */
    readonly name: string;
    /** Directory of the database, absolute. */
    readonly state: string;
    /** What to do when it is damaged. */
    readonly onCorruptState: 'stop' | 'from-start' | 'from-end';
    /** Alerts that wait for their sinks may take so many bytes. */
    readonly outboxBytes: number;
    readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'; readonly file?: string };
    /** Where health and metrics are served; absent: nowhere. */
    readonly http?: HttpListen;
  };
  readonly sources: readonly SourceSettings[];
  readonly vendors: readonly Vendor[];
  readonly exceptions: readonly Exception[];
  readonly residency: ResidencySettings;
  readonly phi: PhiSettings;
  readonly geo: GeoSettings;
  readonly rules: RulesSettings;
  /** Alerts about the watch itself; `rules` in the file, beside the others. */
  readonly conditions: ConditionsSettings;
  readonly alerts: AlertsSettings;
  readonly sinks: readonly SinkSettings[];
  /** SHA-256 (hex) of the main file and every vendor file, for the ledger. */
  readonly sha256: string;
}
