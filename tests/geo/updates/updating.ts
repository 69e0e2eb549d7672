import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../../src/errors/secret.ts';
import { openClient } from '../../../src/geo/updates/client.ts';
import { PUBLISHERS } from '../../../src/geo/updates/feeds.ts';
import type { Outcome } from '../../../src/geo/updates/outcome.ts';
import { LIMITS } from '../../../src/geo/updates/refresh.ts';
import type { UpdateSettings } from '../../../src/geo/updates/settings.ts';
import { type Surroundings, update } from '../../../src/geo/updates/update.ts';
import { CA } from './publisher.ts';

/** 2026-11-25, in ms since the epoch. */
export const NOW_MS = Date.UTC(2026, 10, 25);

export const CITY = 'GeoLite2-City';
export const CITY_PATH = `/${CITY}/download?suffix=tar.gz`;
export const CITY_SHA256_PATH = `/${CITY}/download?suffix=tar.gz.sha256`;

const MAXMIND = { account: new Secret({ value: '123456' }), key: new Secret({ value: 'hunter2' }) };

/** MaxMind's City, and nothing else. */
export function settingsFor(directory: string, changes: Partial<UpdateSettings> = {}): UpdateSettings {
  const own = { jitterMs: 0, editions: [CITY], maxmind: MAXMIND, cloudRanges: [], signedBy: [] };
  return { directory, ...own, ca: CA, ...changes };
}

export interface Updated {
  readonly outcomes: readonly Outcome[];
  /** How long was waited before each further try, in ms. */
  readonly waits: readonly number[];
}

/** Runs one update against a publisher; waiting takes no time. */
export async function updateFrom(
  url: string,
  settings: UpdateSettings,
  changes: Partial<Surroundings> = {},
): Promise<Updated> {
  const dispatcher = await openClient(settings.ca);
  const waits: number[] = [];
  try {
    const surroundings: Surroundings = {
      dispatcher,
      publishers: {
        ...PUBLISHERS,
        maxmind: url,
        aws: `${url}ip-ranges.json`,
        azurePage: `${url}details.aspx?id=56519`,
        azureLink: new RegExp(`${url}download/ServiceTags_Public_\\d{8}\\.json`),
      },
      limits: LIMITS,
      nowMs: () => NOW_MS,
      wait: async (ms) => void waits.push(ms),
      ...changes,
    };
    return { outcomes: await update(settings, surroundings, new AbortController().signal), waits };
  } finally {
    await dispatcher.close();
  }
}

/** `updated GeoLite2-City`, or why it failed. */
export function inShort(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'nothing';
  return outcome.kind === 'failed' ? outcome.because : `${outcome.kind} ${outcome.name}`;
}

/** Names and bytes of all that is in a directory but what updates remember. */
export async function filesIn(directory: string): Promise<Readonly<Record<string, Buffer>>> {
  const names = (await readdir(directory)).filter((it) => it !== '.updates.json').sort();
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const));
  return Object.fromEntries(files);
}
