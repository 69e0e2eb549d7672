import { readerFor } from '../../src/formats/registry.ts';
import type { Location } from '../../src/geo/location.ts';
import type { Locator } from '../../src/geo/locator.ts';
import { TERRITORIES } from '../../src/geo/territories.ts';
import { parseAddress } from '../../src/net/address.ts';
import type { Country } from '../../src/net/country.ts';
import { isPublicAddress } from '../../src/net/special-purpose.ts';
import { createClassifier } from '../../src/phi/classify.ts';
import { createMasker } from '../../src/phi/masking.ts';
import type { PhiSettings } from '../../src/phi/settings.ts';
import { FileHeaders } from '../../src/pipeline/file-headers.ts';
import { inspect, type LineMemory, type Stages, type Trace } from '../../src/pipeline/inspect.ts';
import type { FormatChoice, InsideSide } from '../../src/sources/settings.ts';
import { Sessions } from '../../src/transfers/sessions.ts';
import { buildRegistry } from '../../src/vendors/registry-lookup.ts';
import type { Exception, Territory, Vendor } from '../../src/vendors/vendor.ts';
import { line } from '../transfers/examples.ts';

const countryOf = (code: string) => code as Country;

/** Two sources that agree. */
function likely(code: string): Location {
  const said = { step: 'database', said: code } as const;
  return {
    standing: 'likely',
    country: countryOf(code),
    evidence: [
      { ...said, source: 'one' },
      { ...said, source: 'two' },
    ],
  };
}

/** What the locator of these tests knows. Internal addresses it knows as such, all others not at all. */
export const PLACES: Readonly<Record<string, Location>> = {
  '8.8.1.1': likely('IN'),
  '8.8.1.2': likely('PH'),
  '8.8.2.1': likely('US'),
  '8.8.2.2': likely('PR'),
  '8.8.2.3': likely('FM'),
  '8.8.3.1': likely('CN'),
  '8.8.4.1': { standing: 'disputed', countries: [countryOf('US'), countryOf('IN')], evidence: [] },
  '8.8.4.2': { standing: 'disputed', countries: [countryOf('IN'), countryOf('US')], evidence: [] },
  '8.8.5.1': { standing: 'edge', evidence: [] },
  '2001:470::1': likely('IN'),
};

const locator: Locator = {
  databases: [],
  ranges: [],
  locate: (ip) => {
    const known = PLACES[parseAddress(ip)?.text ?? ip];
    return known ?? { standing: isPublicAddress(ip) ? 'unknown' : 'internal', evidence: [] };
  },
};

export function territory(name: string): Territory {
  const found = TERRITORIES.find((it) => it.name === name);
  if (found === undefined) throw new Error(`${name} is not built in`);
  return found;
}

export function vendor(id: string, endpoints: Partial<Vendor['endpoints']>, more: Partial<Vendor> = {}): Vendor {
  return {
    id,
    name: `Vendor ${id}`,
    terms: [],
    declared: { networks: [], asns: [] },
    endpoints: { domains: [], networks: [], accounts: [], keys: [], ...endpoints },
    carries: 'phi',
    ...more,
  };
}

export interface Gateway {
  readonly format?: FormatChoice;
  readonly inside?: InsideSide;
  readonly vendors?: readonly Vendor[];
  readonly exceptions?: readonly Exception[];
  readonly phi?: Partial<PhiSettings>;
  readonly rules?: Stages['rules']['rules'];
}

/** Squid's native format with the bytes that a client sent. */
export const SQUID_UP: FormatChoice = {
  squid: '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st',
};

export function stagesOf({ format = SQUID_UP, inside = 'client', ...gateway }: Gateway = {}): Stages {
  return {
    read: readerFor(format, { timezone: 'UTC' }),
    inside,
    registry: buildRegistry(gateway.vendors ?? []),
    exceptions: gateway.exceptions ?? [],
    locator,
    residency: { default: territory('us-and-territories'), concern: new Set(['CN', 'RU'].map(countryOf)) },
    classifier: createClassifier({ systems: [], threshold: 'likely', ignoreHosts: [], patterns: [], ...gateway.phi }),
    masker: createMasker(Buffer.alloc(32, 1)),
    rules: { rules: gateway.rules ?? {}, phiThreshold: 'likely', onDisputed: 'medium', onUnknown: 'medium' },
  };
}

export function newMemory(): LineMemory {
  return { sessions: new Sessions(), headers: new FileHeaders() };
}

/** Takes lines through the pipeline one after the other, as they stand in one file. */
export function inspectAll(texts: readonly string[], stages: Stages): readonly Trace[] {
  const memory = newMemory();
  return texts.map((text, index) => inspect(line(text, index * 1000), stages, memory));
}
