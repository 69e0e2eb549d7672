import type { ResolverSettings } from '../names/settings.ts';

/** When and how it is looked where vendors' domains point. */
export interface WatchSettings extends ResolverSettings {
  /** crontab(5), five fields, in the host's time zone. */
  readonly schedule: string;
}
