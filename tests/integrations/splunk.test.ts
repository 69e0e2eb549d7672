import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { encodeNative } from '../../src/sinks/encoders/native.ts';
import { encodeSplunkHec } from '../../src/sinks/encoders/splunk-hec.ts';
import { encodeSyslogMessage } from '../../src/sinks/encoders/syslog-message.ts';
import { alert, conditionAlert } from '../sinks/alerts.ts';
import { valuesOf } from './fields.ts';
import { packText } from './pack-files.ts';
import { confOf } from './splunk-conf.ts';
import { fieldsInSearch } from './splunk-search.ts';
import { anyAlert, HEARTBEAT, KNOWN_ANSWER, SINK_TEST, WHOLE_ALERTS } from './whole-alerts.ts';

const native = (it: Alert) => fieldsInSearch('phi:egress:alert', encodeNative(it).trimEnd());
const cef = (it: Alert) => fieldsInSearch('phi:egress:cef', encodeSyslogMessage(it, 'cef', '0.1.0'));

/** What both forms tell of `alert()`, under the names of the Common Information Model where it has one. */
const TOLD = {
  id: 'a-1f6b0c5be0e1b8e2a4d39c77',
  kind: 'egress',
  state: 'open',
  count: '1',
  bytes: '1048576',
  claim: 'delivered',
  action: 'allowed',
  severity: 'high',
  signature: 'PHI left the permitted territory',
  signature_id: 'phi-outside-territory',
  description:
    'Acme Medical Coding LLC received 1,048,576 bytes (1.0 MiB) over https. Permitted is us-and-territories (BAA-2024-017 section 4.2).',
  type: 'alert',
  dlp_type: 'network',
  category: 'content-indicator',
  phi_strength: 'likely',
  app: 'https',
  dest: 'upload.acme.example',
  dest_ip: '13.232.1.9',
  dest_host: 'upload.acme.example',
  dest_port: '443',
  dest_zone: 'IN',
  standing: 'likely',
  src: 'ws12',
  src_ip: '10.1.2.3',
  src_user: 'jdoe',
  user: 'jdoe',
  dvc: 'gw1',
  log_source: 'squid',
  vendor_id: 'acme-coding',
  contract: 'BAA-2024-017 section 4.2',
  vendor_product: 'phi-egress',
  ledger_seq: '42',
};

test('an alert in the native form has the fields of the models DLP and Alerts', () => {
  expect(Object.fromEntries(native(alert()))).toMatchObject({
    ...TOLD,
    object_path: 'https://upload.acme.example/in/MRN-######.837',
    object: 'MRN-######.837',
    object_category: 'url',
    mitre_technique_id: ['T1567', 'T1048'],
    vendor_name: 'Acme Medical Coding LLC',
    ledger_hash: 'ab12',
  });
});

test('an alert in CEF behind a syslog header has them too, as far as CEF tells', () => {
  expect(Object.fromEntries(cef(alert()))).toMatchObject(TOLD);
});

test('a receiver with an IPv6 address and nothing else is the target in either form', () => {
  const six = alert({ receiver: { ip: '2001:db8::9', standing: 'unknown', evidence: [] } });
  for (const fields of [native(six), cef(six)]) {
    expect(Object.fromEntries(fields)).toMatchObject({
      dest: '2001:db8::9',
      dest_ip: '2001:db8::9',
      dest_zone: 'unknown',
    });
    expect(fields.has('dest_port')).toBe(false);
  }
});

test('text that looks like CEF stays within its field, escaped as CEF has it', () => {
  const hostile = cef(alert({ title: 'a|b\\c', explanation: 'dst=192.0.2.1 cs1=US a\\b|c' }));
  expect(Object.fromEntries(hostile)).toMatchObject({
    signature: 'a\\|b\\\\c',
    description: 'dst\\=192.0.2.1 cs1\\=US a\\\\b|c',
    dest_ip: '13.232.1.9',
    dest_zone: 'IN',
  });
});

test('an alert about the watch itself accuses nobody', () => {
  for (const fields of [native(conditionAlert()), cef(conditionAlert())]) {
    expect(Object.fromEntries(fields)).toMatchObject({
      kind: 'condition',
      type: 'event',
      log_source: 'squid',
      dvc: 'gw1',
    });
    for (const field of ['action', 'dest', 'src', 'dlp_type', 'object_category']) expect(fields.has(field)).toBe(false);
  }
});

test.each([HEARTBEAT, SINK_TEST, KNOWN_ANSWER])('what is sent by the rule $rule accuses nobody', (it) => {
  for (const fields of [native(it), cef(it)]) {
    expect(Object.fromEntries(fields)).toMatchObject({ kind: it.kind, type: 'event', severity: 'informational' });
    for (const field of ['action', 'dest', 'src', 'dlp_type', 'object_category', 'log_source'])
      expect(fields.has(field)).toBe(false);
  }
});

test.each([
  ['info', 'informational'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['critical', 'critical'],
] as const)('the severity %s is %s in the Common Information Model', (severity, word) => {
  expect(native(alert({ severity })).get('severity')).toBe(word);
  expect(cef(alert({ severity })).get('severity')).toBe(word);
});

test('an event of the HTTP Event Collector has the same fields, and one severity although it is indexed too', () => {
  const sent = encodeSplunkHec(alert({ severity: 'info' }), { sourcetype: 'phi:egress:alert' });
  const { event, fields, sourcetype } = JSON.parse(sent) as {
    readonly event: object;
    readonly fields: Readonly<Record<string, string>>;
    readonly sourcetype: string;
  };
  const found = fieldsInSearch(sourcetype, JSON.stringify(event), fields);
  expect(Object.fromEntries(found)).toMatchObject({ ...TOLD, severity: 'informational' });
});

test('whatever stands in an alert, both forms say the same of what searches go by', () => {
  fc.assert(
    fc.property(anyAlert, (it) => {
      const [one, other] = [native(it), cef(it)];
      for (const field of [
        'id',
        'kind',
        'state',
        'count',
        'severity',
        'signature_id',
        'claim',
        'standing',
        'dest_zone',
        'vendor_id',
        'action',
      ])
        expect([field, other.get(field)]).toEqual([field, one.get(field)]);
      expect(one.get('id')).toBe(it.id);
    }),
  );
});

test('the time of an event is when the alert was last seen', () => {
  const props = confOf('default/props.conf');
  const cases = [
    ['phi:egress:alert', encodeNative(alert()), '2026-11-24T03:48:06.123Z'],
    ['phi:egress:cef', encodeSyslogMessage(alert(), 'cef', '0.1.0'), '1795492086123'],
  ] as const;
  for (const [sourcetype, raw, time] of cases) {
    const stanza = props.get(sourcetype);
    const found = new RegExp(stanza?.get('TIME_PREFIX') ?? '').exec(raw);
    const start = (found?.index ?? 0) + (found?.[0].length ?? 0);
    expect(raw.slice(start, start + Number(stanza?.get('MAX_TIMESTAMP_LOOKAHEAD')))).toBe(time);
  }
});

/** From the files SETTINGS.conf.spec of Splunk 9.3. */
const KNOWN_SETTINGS: Readonly<Record<string, RegExp>> = {
  'default/app.conf': /^(is_configured|id|check_for_updates|is_visible|label|author|description|version|name)$/,
  'default/props.conf':
    /^(SHOULD_LINEMERGE|LINE_BREAKER|TRUNCATE|TIME_PREFIX|TIME_FORMAT|MAX_TIMESTAMP_LOOKAHEAD|TZ|KV_MODE|(EXTRACT|REPORT|FIELDALIAS|EVAL)-\w+)$/,
  'default/transforms.conf': /^(REGEX|FORMAT|SOURCE_KEY)$/,
  'default/eventtypes.conf': /^search$/,
  'default/tags.conf': /^(alert|dlp|incident)$/,
  'default/macros.conf': /^definition$/,
  'default/savedsearches.conf':
    /^(description|search|dispatch\.(earliest|latest)_time|cron_schedule|enableSched|disabled|counttype|relation|quantity|alert\.(track|severity|digest_mode|suppress|suppress\.(fields|period)))$/,
  'metadata/default.meta': /^(access|export)$/,
};

test.each(Object.entries(KNOWN_SETTINGS))('%s has settings that Splunk knows', (file, known) => {
  const stanzas = confOf(file);
  expect(stanzas.size).toBeGreaterThan(0);
  for (const stanza of stanzas.values()) for (const key of stanza.keys()) expect(key).toMatch(known);
});

test('tags are given to an event type that there is, for a sourcetype that there is', () => {
  const types = confOf('default/eventtypes.conf');
  const sourcetypes = [...confOf('default/props.conf').keys()];
  for (const stanza of confOf('default/tags.conf').keys())
    expect([...types.keys()]).toContain(stanza.replace('eventtype=', ''));
  for (const type of types.values())
    expect([...(type.get('search') ?? '').matchAll(/sourcetype="([^"]+)"/g)].map(([, name]) => name)).toEqual(
      sourcetypes,
    );
});

test('an event is of the type that it is about, and alerts about data alone have tags', () => {
  const types = [...confOf('default/eventtypes.conf')].map(([name, it]) => ({ name, search: it.get('search') ?? '' }));
  const told: readonly (readonly [Alert, readonly string[]])[] = [
    [alert(), ['phi_egress_alert']],
    [alert({ state: 'updated' }), ['phi_egress_alert']],
    [alert({ state: 'closed', closedBecause: 'quiet' }), []],
    [conditionAlert(), ['phi_egress_watch']],
    [HEARTBEAT, ['phi_egress_heartbeat']],
    [SINK_TEST, ['phi_egress_test']],
    [KNOWN_ANSWER, ['phi_egress_test']],
  ];
  for (const [it, expected] of told)
    for (const fields of [native(it), cef(it)])
      expect(types.filter(({ search }) => isFoundBy(search, fields)).map(({ name }) => name)).toEqual(expected);
  expect([...confOf('default/tags.conf').keys()]).toEqual(['eventtype=phi_egress_alert']);
});

/** Behind the sourcetypes every term must hold: `field=value` or `field!=value`. */
function isFoundBy(search: string, fields: ReadonlyMap<string, unknown>): boolean {
  const [, terms = ''] = /^\([^)]*\) (.+)$/.exec(search) ?? [];
  return terms.split(' ').every((term) => {
    const [, field = '', operator, value] = /^(\w+)(!?=)(\w+)$/.exec(term) ?? [];
    return (fields.get(field) === value) === (operator === '=');
  });
}

test('the add-on has the version of the program', () => {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../../package.json`, 'utf8')) as {
    version: string;
  };
  const app = confOf('default/app.conf');
  expect([app.get('launcher')?.get('version'), app.get('id')?.get('version')]).toEqual([version, version]);
});

const VIEW = packText('splunk/TA-phi-egress/default/data/ui/views/phi_egress.xml');

const QUERIES = valuesOf(new XMLParser({ ignoreAttributes: false }).parse(VIEW), 'query') as readonly string[];

/** Commands, functions and options of SPL that the searches use; whatever else is a word in them is a field. */
const SPL = new Set(
  (
    'search fields table stats streamstats timechart where sort dedup eval if coalesce strftime now current dc sum max latest last ' +
    'as by OR sourcetype _time _indextime 0 1 2 900 1000'
  ).split(' '),
);

/** Fields that a search asks for and does not make itself. What stands behind `=` is a value. */
function fieldsAskedFor(query: string): readonly string[] {
  const made = new Set([...query.matchAll(/\b(?:as|eval) (\w+)/g)].map(([, name]) => name));
  const words = query.replaceAll(/(?<==)[a-z]+\b|"[^"]*"/g, ' ').match(/\w+/g) ?? [];
  return words.filter((word) => !SPL.has(word) && !made.has(word));
}

test('searches ask for fields that events have, in either form', () => {
  expect(XMLValidator.validate(VIEW)).toBe(true);
  const macros = confOf('default/macros.conf');
  const saved = [...confOf('default/savedsearches.conf').values()].map((it) => it.get('search') ?? '');
  const expanded = [...QUERIES, ...saved].map((query) =>
    query.replaceAll(/`(\w+)`/g, (_, name) => {
      const definition = macros.get(name)?.get('definition');
      if (definition === undefined) throw new Error(`macros.conf has no ${name}`);
      return definition;
    }),
  );
  const eventTypes = [...confOf('default/eventtypes.conf').values()].map((it) => it.get('search') ?? '');
  for (const form of [native, cef]) {
    const known = new Set(WHOLE_ALERTS.flatMap((it) => [...form(it).keys()]));
    for (const query of [...expanded, ...eventTypes]) {
      expect(fieldsAskedFor(query).filter((field) => !known.has(field))).toEqual([]);
    }
  }
  expect(fieldsAskedFor(expanded[0] ?? '')).toContain('dest_zone');
});

test('an alarm about heartbeats is told for each gateway by itself, and is off until somebody wants it', () => {
  const alarms = confOf('default/savedsearches.conf');
  expect([...alarms.keys()]).toEqual(['phi-egress: no heartbeat', 'phi-egress: a heartbeat was lost']);
  for (const alarm of alarms.values()) {
    const [, shown = ''] = /\| table (.+)$/.exec(alarm.get('search') ?? '') ?? [];
    expect(alarm.get('alert.suppress.fields')?.split(',')).toContain('dvc');
    for (const field of alarm.get('alert.suppress.fields')?.split(',') ?? []) expect(shown.split(' ')).toContain(field);
    expect(alarm.get('disabled')).toBe('1');
  }
});

test('panels that build on one search use fields that it hands on', () => {
  const [base = ''] = QUERIES;
  const handedOn = (/\| fields (.+)$/s.exec(base)?.[1] ?? '').trim().split(/\s+/);
  const searches = valuesOf(new XMLParser({ ignoreAttributes: false }).parse(VIEW), 'search').flat();
  const built = searches.filter((it) => (it as { '@_base'?: string })['@_base'] === 'alerts');
  expect(built).toHaveLength(7);
  for (const query of valuesOf(built, 'query') as readonly string[]) {
    expect(fieldsAskedFor(query).filter((field) => !handedOn.includes(field))).toEqual([]);
  }
});
