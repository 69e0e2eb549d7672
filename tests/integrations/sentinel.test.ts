import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { encodeNative } from '../../src/sinks/encoders/native.ts';
import { alert } from '../sinks/alerts.ts';
import { analyse, type Columns } from './kusto.ts';
import { packJson, packText } from './pack-files.ts';
import { anyAlert, HEARTBEAT, WHOLE_ALERTS } from './whole-alerts.ts';

interface Column {
  readonly name: string;
  readonly type: string;
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly properties: {
    readonly schema?: { readonly columns: readonly Column[] };
    readonly streamDeclarations?: Readonly<Record<string, { readonly columns: readonly Column[] }>>;
    readonly dataFlows?: readonly { readonly streams: readonly string[]; readonly transformKql: string }[];
  };
}

const { resources, variables, outputs } = packJson<{
  resources: readonly Resource[];
  variables: { tableName: string };
  outputs: { stream: { value: string } };
}>('sentinel/table-and-dcr.json');
const [tableResource, rule] = resources;

const columnsOf = (columns: readonly Column[] = []): Columns =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type]));
const TABLE = columnsOf(tableResource?.properties.schema?.columns);
const STREAM = columnsOf(rule?.properties.streamDeclarations?.[outputs.stream.value]?.columns);
const [flow] = rule?.properties.dataFlows ?? [];
const TRANSFORM = flow?.transformKql ?? '';

const native = (it: Alert) => JSON.parse(encodeNative(it)) as Readonly<Record<string, unknown>>;

test('the stream declares the keys of the native form, and no others', () => {
  const keys = new Set(WHOLE_ALERTS.flatMap((it) => Object.keys(native(it))));
  expect(Object.keys(STREAM).sort()).toEqual([...keys].sort());
  expect(flow?.streams).toEqual([outputs.stream.value]);
});

/** What Azure Monitor takes for a type of a stream, and keeps. */
const TAKES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  long: (value) => Number.isSafeInteger(value),
  datetime: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  dynamic: (value) => typeof value === 'object',
};

test('whatever an alert holds has the type that the stream declares', () => {
  fc.assert(
    fc.property(anyAlert, (it) => {
      for (const [key, value] of Object.entries(native(it)))
        expect([key, TAKES[STREAM[key] ?? '']?.(value)]).toEqual([key, true]);
    }),
  );
});

test("the transformation, read by Microsoft's parser, gives the columns of the table", () => {
  expect(analyse(TRANSFORM, 'source', STREAM)).toEqual(TABLE);
});

test('a row says what the alert says', () => {
  const [whole] = WHOLE_ALERTS.map(native);
  expect(rowOf(whole ?? {})).toMatchObject({
    AcknowledgedAt: '2026-11-24T04:10:00.000Z',
    AcknowledgedBy: 'analyst',
    Disposition: 'true-positive',
    Acts: 2,
  });
  expect(rowOf(native(alert()))).toMatchObject({
    LastSeen: '2026-11-24T03:48:06.123Z',
    AlertId: 'a-1f6b0c5be0e1b8e2a4d39c77',
    Kind: 'egress',
    Rule: 'phi-outside-territory',
    AlertTitle: 'PHI left the permitted territory',
    Severity: 'high',
    State: 'open',
    FindingCount: 1,
    Bytes: 1_048_576,
    Claim: 'delivered',
    VendorId: 'acme-coding',
    Contract: 'BAA-2024-017 section 4.2',
    ReceiverIp: '13.232.1.9',
    ReceiverHost: 'upload.acme.example',
    ReceiverPort: 443,
    ReceiverCountry: 'IN',
    ReceiverStanding: 'likely',
    SenderIp: '10.1.2.3',
    SenderHost: 'ws12',
    SenderUser: 'jdoe',
    PhiStrength: 'likely',
    PhiBasis: 'content-indicator',
    Protocol: 'https',
    LogSource: 'squid',
    Gateway: 'gw1',
    Attack: ['T1567', 'T1048'],
    LedgerSeq: 42,
    LedgerHash: 'ab12',
  });
});

test("a heartbeat's row has its number and its sources", () => {
  expect(rowOf(native(HEARTBEAT))).toMatchObject({
    Kind: 'heartbeat',
    Rule: 'heartbeat',
    Severity: 'info',
    FindingCount: 7,
    Sources: [{ name: 'squid', lines: 1204, parsed: 1200, skipped: 1, unreadable: 3, cut: 2, quietSeconds: 12 }],
    LogSource: undefined,
    Gateway: 'gw1',
  });
});

test('what is delivered late is within what rules look back on', () => {
  expect(TRANSFORM).toContain('TimeGenerated = now(), LastSeen = lastSeen,');
});

/** The transformation is one projection of paths, some of them with a conversion that keeps the value. */
function rowOf(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const projected = TRANSFORM.replace('source | project ', '').split(', ');
  return Object.fromEntries(
    projected.map((it) => {
      const [, name = '', path = ''] =
        /^(\w+) = (?:(?:tostring|toint|tolong|todatetime)\()?([\w.[\]']+)\)?$/.exec(it) ?? [];
      const steps = path.match(/\w+/g) ?? [];
      return [name, steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document)];
    }),
  );
}

/** "Add or delete tables and columns in Azure Monitor Logs". */
test('columns have names that a table may have', () => {
  for (const name of Object.keys(TABLE)) {
    expect(name).toMatch(/^[A-Za-z]\w{0,44}$/);
    expect(['id', 'TenantId', 'Type', 'UniqueId', 'Title']).not.toContain(name);
  }
  expect(variables.tableName).toMatch(/^\w+_CL$/);
  expect(TABLE.TimeGenerated).toBe('datetime');
});

interface AnalyticsRule {
  readonly properties: {
    readonly displayName: string;
    readonly query: string;
    readonly queryPeriod: string;
    readonly entityMappings: readonly { readonly fieldMappings: readonly { readonly columnName: string }[] }[];
    readonly customDetails: Readonly<Record<string, string>>;
    readonly alertDetailsOverride: Readonly<Record<string, string>>;
    readonly incidentConfiguration: {
      readonly groupingConfiguration: { readonly groupByCustomDetails: readonly string[] };
    };
  };
}

test.each(packJson<{ resources: readonly AnalyticsRule[] }>('sentinel/analytics-rules.json').resources)(
  'an analytics rule asks for columns that the table has, and shows columns that it asked for',
  ({ properties }) => {
    const columns = Object.keys(analyse(properties.query, variables.tableName, TABLE));
    const { alertDetailsOverride: shown, customDetails, entityMappings, incidentConfiguration } = properties;
    const named = [
      ...entityMappings.flatMap(({ fieldMappings }) => fieldMappings.map(({ columnName }) => columnName)),
      ...Object.values(customDetails),
      ...Object.values(shown).flatMap((it) => it.match(/(?<=\{\{)\w+(?=\}\})/g) ?? [it]),
    ];
    for (const name of named) expect(columns).toContain(name);
    // Sentinel takes no more of either.
    expect(Object.keys(customDetails).length).toBeLessThanOrEqual(20);
    expect(entityMappings.length).toBeLessThanOrEqual(10);
    for (const name of incidentConfiguration.groupingConfiguration.groupByCustomDetails)
      expect(Object.keys(customDetails)).toContain(name);
  },
);

test('each analytics rule is about one kind, and none takes heartbeats or tests for alerts', () => {
  const { resources: rules } = packJson<{ resources: readonly (AnalyticsRule & { name: string })[] }>(
    'sentinel/analytics-rules.json',
  );
  const about = rules.map(({ properties }) => [
    properties.displayName,
    properties.query.match(/(?<=\| where Kind == ")\w+(?=")/g),
  ]);
  expect(about).toEqual([
    ['phi-egress: patient data outside the permitted territory', ['egress']],
    ['phi-egress: trouble with the watch itself', ['condition']],
    ['phi-egress: no heartbeat', ['heartbeat']],
    ['phi-egress: a heartbeat was lost', ['heartbeat']],
  ]);
  expect(new Set(rules.map(({ name }) => name)).size).toBe(4);
});

test('the query that the README gives asks for columns that the table has', () => {
  const [, query = ''] = /^ {2}`(\| extend Step = [^`]+)`$/m.exec(packText('sentinel/README.md')) ?? [];
  expect(Object.keys(analyse(`${variables.tableName} ${query}`, variables.tableName, TABLE))).toContain('Step');
});
