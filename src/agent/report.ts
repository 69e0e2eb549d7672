import { describeLocation } from '../geo/location.ts';
import { permissionInWords } from '../rules/words.ts';
import type { SinkEvent } from '../sinks/outbox.ts';
import type { SourceEvent } from '../sources/event.ts';
import type { Store } from '../store/store.ts';
import type { UpkeepListener } from './geo-upkeep.ts';
import type { Logger } from './logger.ts';

/** `warn`: the agent coped. `error`: data or evidence is at risk, and somebody must act. */
type Level = 'debug' | 'info' | 'warn' | 'error';

const SINK_LEVELS: Readonly<Record<SinkEvent['name'], Level>> = {
  AlertsDelivered: 'debug',
  AlertsRefused: 'error',
  AlertsDropped: 'error',
  SinkHeld: 'error',
  SinkFailed: 'error',
  SinkRecovered: 'info',
};

const SOURCE_LEVELS: Readonly<Record<SourceEvent['kind'], Level>> = {
  truncated: 'info',
  vanished: 'warn',
  'line-cut': 'warn',
  unreadable: 'error',
  readable: 'info',
  'journal-vacuumed': 'error',
  'datagrams-lost': 'error',
  'sender-refused': 'warn',
};

export function reportSinkEvent(logger: Logger, event: SinkEvent): void {
  logger[SINK_LEVELS[event.name]](event);
}

/** A truncation that left nothing unread, or whose rest was found in a copy, is rotation at work. */
export function reportSourceEvent(logger: Logger, event: SourceEvent): void {
  logger[SOURCE_LEVELS[event.kind]](event);
}

/** Old databases, and vendors' domains that answer from outside: told in the log, and remembered. */
export function reportGeo(logger: Logger, store: Pick<Store, 'commit'>): UpkeepListener {
  return {
    onStale: (stale) => {
      if (stale.length === 0) return;
      const files = stale.map(({ name, edition, builtMs, sinceMs }) => ({
        file: name,
        edition,
        built: isoDay(builtMs),
        since: isoDay(sinceMs),
      }));
      logger.warn({ files }, 'geo-database-stale: these are too old to be relied on; update them');
    },
    onLook: (sightings, moved) => {
      store.commit({ sightings });
      for (const { vendor, domain, address, location, residency, because, resolution } of moved)
        logger.error(
          {
            vendor: vendor.id,
            domain,
            address,
            place: describeLocation(location),
            standing: location.standing,
            residency: residency.verdict,
            permitted: permissionInWords(residency.permission),
            because,
            resolver: resolution.by,
          },
          "vendor-endpoint-moved: a vendor's domain answers from outside its territory",
        );
    },
  };
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The error's code or name. Never its message, which could quote what was being worked on. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
