import path from 'node:path';
import type { DeclaredConditions } from '../conditions/schema.ts';
import type { ConditionsSettings } from '../conditions/settings.ts';
import { Secret } from '../errors/secret.ts';
import type { Override } from '../geo/settings.ts';
import { TERRITORIES } from '../geo/territories.ts';
import type { DeclaredUpdate } from '../geo/updates/schema.ts';
import type { UpdateSettings } from '../geo/updates/settings.ts';
import type { PlacedNetworks } from '../net/placed-networks.ts';
import { RULES } from '../rules/catalogue.ts';
import type { RuleId } from '../rules/finding.ts';
import type { DeclaredRules } from '../rules/schema.ts';
import type { RuleSettings } from '../rules/settings.ts';
import type { Severity } from '../rules/severity.ts';
import { formatChoice } from '../sources/format-schema.ts';
import type { DeclaredSource } from '../sources/schema.ts';
import type {
  FormatChoice,
  JournaldSourceSettings,
  ListenSettings,
  SourceSettings,
  SyslogSourceSettings,
} from '../sources/settings.ts';
import type { DeclaredException, DeclaredVendor } from '../vendors/schema.ts';
import type { Exception, Territory, Vendor } from '../vendors/vendor.ts';
import { sinkSettings } from './compose-sinks.ts';
import type { HttpListen } from './http-listen.ts';
import type { DeclaredAgent, DeclaredResidency } from './schema.ts';
import { type Secrets, secretOf } from './secrets.ts';
import type { Sections } from './sections.ts';
import type { Settings } from './settings.ts';

/** What is not in the configuration itself. */
export interface Surroundings {
  /** The main file, absolute. Relative paths in it start from its directory. */
  readonly file: string;
  /** The name of an agent that is given none. */
  readonly hostName: string;
  readonly secrets: Secrets;
  readonly sha256: string;
}

/** The settings, from sections that passed every check. */
export function compose(sections: Sections, { file, hostName, secrets, sha256 }: Surroundings): Settings {
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
      overrides: [
        ...geo.value.overrides.map((it) => toOverride(it)),
        ...vendors.flatMap(({ value: { id, confirmed } }) => confirmed.map((it) => toOverride(it, id))),
      ],
      ...(geo.value.nat64.length > 0 && { nat64: geo.value.nat64 }),
      ...(Object.keys(geo.value.weights).length > 0 && { weights: geo.value.weights }),
      ...(geo.value.gateway && { gateway: geo.value.gateway }),
      usMilitaryAbroad: residency.value['us-military-abroad'],
      ...(geo.value['stale-after'] !== null && { staleAfterMs: geo.value['stale-after'] }),
      ...(geo.value.update !== null && {
        update: updateSettings(geo.value.update, resolve(geo.value.directory), resolve, secrets),
      }),
      ...(geo.value.resolve !== null && { resolve: geo.value.resolve }),
      ...(geo.value.watch !== null && { watch: geo.value.watch }),
    },
    rules: {
      rules: rulesById(rules.value),
      phiThreshold: threshold,
      onDisputed: residency.value['on-disputed'],
      onUnknown: residency.value['on-unknown'],
    },
    conditions: conditionsSettings(rules.value),
    alerts: {
      groupMs: alerts.value.group,
      closeAfterMs: alerts.value['close-after'],
      ...(alerts.value.heartbeat !== null && { heartbeatMs: alerts.value.heartbeat }),
      ...(alerts.value['known-answer'] !== null && { knownAnswer: alerts.value['known-answer'] }),
    },
    sinks: sinks.map(({ value }) => sinkSettings(value, resolve, secrets)),
    sha256,
  };
}

type Resolve = (written: string) => string;

function agentSettings(agent: DeclaredAgent, hostName: string, resolve: Resolve): Settings['agent'] {
  const { name, state, outbox, log, http, 'on-corrupt-state': onCorruptState } = agent;
  return {
    name: name ?? hostName,
    state: resolve(state),
    onCorruptState,
    outboxBytes: outbox,
    log: { level: log.level, ...(log.file !== null && { file: resolve(log.file) }) },
    ...(http !== null && { http: resolvedListen(http.listen, resolve) }),
  };
}

function resolvedListen(listen: HttpListen, resolve: Resolve): HttpListen {
  return listen.kind === 'unix' ? { kind: 'unix', path: resolve(listen.path) } : listen;
}

function updateSettings(
  declared: DeclaredUpdate,
  directory: string,
  resolve: Resolve,
  secrets: Secrets,
): UpdateSettings {
  const { schedule, jitter, maxmind, 'cloud-ranges': cloudRanges, mirror, drop, 'signed-by': signedBy, ca } = declared;
  const { account, key, editions = [] } = maxmind ?? {};
  return {
    directory,
    jitterMs: jitter,
    editions,
    cloudRanges,
    signedBy,
    ...(schedule !== null && { schedule }),
    ...(account !== undefined &&
      key !== undefined && {
        maxmind: {
          account: typeof account === 'string' ? new Secret({ value: account }) : secretOf(account, secrets),
          key: secretOf(key, secrets),
        },
      }),
    ...(mirror !== undefined && { mirror }),
    ...(drop !== undefined && { drop: resolve(drop) }),
    ...(ca !== undefined && { ca: resolve(ca) }),
  };
}

function sourceSettings({ silence, ...declared }: DeclaredSource, resolve: Resolve): SourceSettings {
  const source = {
    ...declared,
    format: formatChoice(declared.format),
    ...(silence !== null && { silenceMs: silence }),
  };
  switch (source.type) {
    case 'file':
      return { ...source, paths: source.paths.map(resolve) };
    case 'journald':
      return journaldSettings(source, resolve);
    case 'syslog':
      return syslogSettings(source, resolve);
    case 'stdin':
      return source;
    default:
      return source satisfies never;
  }
}

type Declared<Type extends DeclaredSource['type']> = Omit<
  Extract<DeclaredSource, { type: Type }>,
  'silence' | 'format'
> & {
  readonly format: FormatChoice;
};

function journaldSettings(
  { match, directory, ...source }: Declared<'journald'>,
  resolve: Resolve,
): JournaldSourceSettings {
  const values = Object.entries(match).map(([field, value]) => [field, typeof value === 'string' ? [value] : value]);
  return {
    ...source,
    match: Object.fromEntries(values),
    ...(directory !== undefined && { directory: resolve(directory) }),
  };
}

function syslogSettings({ listen, allow, ...source }: Declared<'syslog'>, resolve: Resolve): SyslogSourceSettings {
  return { ...source, listen: listenSettings(listen, resolve), ...(allow !== undefined && { allow }) };
}

function listenSettings(listen: Declared<'syslog'>['listen'], resolve: Resolve): ListenSettings {
  if (listen.protocol !== 'tls') return listen;
  const { ca, 'max-version': maxVersion, ...rest } = listen;
  return {
    ...rest,
    maxVersion,
    cert: resolve(listen.cert),
    key: resolve(listen.key),
    ...(ca !== undefined && { ca: resolve(ca) }),
  };
}

function toOverride({ networks, country, reason, expires }: PlacedNetworks, vendor?: string): Override {
  return {
    networks,
    country,
    reason,
    ...(expires !== undefined && { expiresMs: expires }),
    ...(vendor !== undefined && { vendor }),
  };
}

function toVendor(
  { service, workday, terms, confirmed: _, ...vendor }: DeclaredVendor,
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
    RULES.flatMap(({ id }): [string, RuleSettings][] => {
      const settings = declared[id];
      return settings === undefined ? [] : [[id, anyRule(settings)]];
    }),
  );
}

function conditionsSettings(declared: DeclaredConditions): ConditionsSettings {
  const { 'coverage-gap': gap, 'format-mismatch': mismatch, 'sink-failing': failing } = declared;
  return {
    'source-silent': anyRule(declared['source-silent']),
    'coverage-gap': { ...anyRule(gap), shortestMs: gap.shortest },
    'geo-database-stale': anyRule(declared['geo-database-stale']),
    'vendor-endpoint-moved': anyRule(declared['vendor-endpoint-moved']),
    'alerts-refused': anyRule(declared['alerts-refused']),
    'sink-failing': { ...anyRule(failing), afterMs: failing.after },
    'known-answer-missing': anyRule(declared['known-answer-missing']),
    'format-mismatch': { ...anyRule(mismatch), share: mismatch.share, leastLines: mismatch['least-lines'] },
  };
}

function anyRule({ enabled, severity }: { readonly enabled: boolean; readonly severity?: Severity | undefined }) {
  return { enabled, ...(severity !== undefined && { severity }) };
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
