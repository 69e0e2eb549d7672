import path from 'node:path';
import type { Override } from '../geo/settings.ts';
import { TERRITORIES } from '../geo/territories.ts';
import type { RuleId } from '../rules/finding.ts';
import type { DeclaredRules } from '../rules/schema.ts';
import type { RuleSettings } from '../rules/settings.ts';
import type { DeclaredSink } from '../sinks/schema.ts';
import type { SinkSettings } from '../sinks/settings.ts';
import { formatChoice } from '../sources/format-schema.ts';
import type { DeclaredSource } from '../sources/schema.ts';
import type { SourceSettings } from '../sources/settings.ts';
import type { DeclaredException, DeclaredVendor } from '../vendors/schema.ts';
import type { Exception, Territory, Vendor } from '../vendors/vendor.ts';
import type { DeclaredAgent, DeclaredResidency } from './schema.ts';
import type { Sections } from './sections.ts';
import type { Settings } from './settings.ts';

/** What is not in the configuration itself. */
export interface Surroundings {
  /** The main file, absolute. Relative paths in it start from its directory. */
  readonly file: string;
  /** The name of an agent that is given none. */
  readonly hostName: string;
  readonly sha256: string;
}

/** The settings, from sections that passed every check. */
export function compose(sections: Sections, { file, hostName, sha256 }: Surroundings): Settings {
  const { agent, residency, phi, geo, rules, alerts, sources, vendors, exceptions, sinks } = sections;
  if (!(agent && residency && phi && geo && rules && alerts)) throw new Error('A section is missing after the checks');
  const resolve = (written: string): string => path.resolve(path.dirname(file), written);
  const territories = territoriesByName(residency.value);
  const { threshold, 'ignore-hosts': ignoreHosts, systems, patterns } = phi.value;
  return {
    file,
    agent: agentSettings(agent.value, hostName, resolve),
    sources: sources.map(({ value }) => sourceSettings(value, resolve)),
    vendors: vendors.map(({ value }) => toVendor(value, territories)),
    exceptions: exceptions.map(({ value }) => toException(value)),
    residency: {
      default: territoryNamed(residency.value.default, territories),
      concern: new Set(residency.value.concern),
    },
    phi: { systems, threshold, ignoreHosts, patterns },
    geo: {
      directory: resolve(geo.value.directory),
      embedded: geo.value.embedded,
      overrides: geo.value.overrides.map(
        ({ networks, country, reason, expires }): Override => ({
          networks,
          country,
          reason,
          ...(expires !== undefined && { expiresMs: expires }),
        }),
      ),
      usMilitaryAbroad: residency.value['us-military-abroad'],
    },
    rules: {
      rules: rulesById(rules.value),
      phiThreshold: threshold,
      onDisputed: residency.value['on-disputed'],
      onUnknown: residency.value['on-unknown'],
    },
    alerts: { groupMs: alerts.value.group, closeAfterMs: alerts.value['close-after'] },
    sinks: sinks.map(({ value }) => sinkSettings(value, resolve)),
    sha256,
  };
}

type Resolve = (written: string) => string;

function agentSettings({ name, state, log }: DeclaredAgent, hostName: string, resolve: Resolve): Settings['agent'] {
  return {
    name: name ?? hostName,
    state: resolve(state),
    log: { level: log.level, ...(log.file !== null && { file: resolve(log.file) }) },
  };
}

function sourceSettings({ silence: _, ...source }: DeclaredSource, resolve: Resolve): SourceSettings {
  return { ...source, format: formatChoice(source.format), paths: source.paths.map(resolve) };
}

function sinkSettings(sink: DeclaredSink, resolve: Resolve): SinkSettings {
  const { name, 'min-severity': minSeverity } = sink;
  if (sink.type === 'terminal') return { name, type: 'terminal', minSeverity };
  const { path: file, format, rotate, keep } = sink;
  return {
    name,
    type: 'file',
    minSeverity,
    path: resolve(file),
    format,
    ...(rotate !== null && { rotateBytes: rotate }),
    keep,
  };
}

function toVendor(
  { service, workday, terms, ...vendor }: DeclaredVendor,
  territories: ReadonlyMap<string, Territory>,
): Vendor {
  return {
    ...vendor,
    ...(service !== undefined && { service }),
    ...(workday !== undefined && { workday }),
    terms: terms.map(({ from, until, territory, covers, reference, programme, notice }) => ({
      ...(from !== undefined && { fromMs: from }),
      ...(until !== undefined && { untilMs: until }),
      territory: territoryNamed(territory, territories),
      covers: new Set(covers),
      ...(reference !== undefined && { reference }),
      ...(programme !== undefined && { programme }),
      ...(notice !== undefined && { notice }),
    })),
  };
}

function toException({ until, 'approved-by': approvedBy, ...exception }: DeclaredException): Exception {
  return { ...exception, untilMs: until, approvedBy };
}

function rulesById(declared: DeclaredRules): Readonly<Partial<Record<RuleId, RuleSettings>>> {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([id, settings]): [string, RuleSettings][] => {
      if (settings === undefined) return [];
      const { enabled, severity } = settings;
      return [[id, { enabled, ...(severity !== undefined && { severity }) }]];
    }),
  );
}

function territoriesByName({ territories }: DeclaredResidency): ReadonlyMap<string, Territory> {
  const own = Object.entries(territories).map(
    ([name, countries]): Territory => ({ name, countries: new Set(countries) }),
  );
  return new Map([...TERRITORIES, ...own].map((it) => [it.name, it]));
}

function territoryNamed(name: string, territories: ReadonlyMap<string, Territory>): Territory {
  const found = territories.get(name);
  if (found === undefined) throw new Error('A territory is missing after the checks');
  return found;
}
