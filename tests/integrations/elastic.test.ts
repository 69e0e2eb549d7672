import { EcsFlat } from '@elastic/ecs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventId } from '../../src/alerts/notice.ts';
import { encodeEcs } from '../../src/sinks/encoders/ecs.ts';
import { alert, conditionAlert } from '../sinks/alerts.ts';
import { DYNAMIC, INDEXES, MAPPED } from './elastic-mapping.ts';
import { fieldsOf, pathsOf, valuesOf } from './fields.ts';
import { packJson, packJsonLines } from './pack-files.ts';
import { anyAlert, WHOLE_ALERTS } from './whole-alerts.ts';

const documents = WHOLE_ALERTS.map((it) => JSON.parse(encodeEcs(it, '0.1.0')) as object);
const sent = pathsOf(documents);

interface Processor {
  readonly field: string;
  readonly value: string;
  readonly if?: string;
}

const pipeline = packJson<{ processors: readonly Readonly<Record<'set' | 'append', Processor>>[] }>(
  'elastic/ingest-pipeline.json',
);
const processors = pipeline.processors.flatMap((it) => Object.values(it));
/** Of the stream itself: no document holds them. */
const OF_THE_STREAM = ['data_stream.dataset', 'data_stream.type'];

test('what is mapped is what alerts hold, what the pipeline adds, and what names the stream', () => {
  expect(DYNAMIC).toBe(false);
  const added = processors.map(({ field }) => field).filter((field) => field !== '_id');
  expect([...MAPPED.keys()].sort()).toEqual([...new Set([...sent, ...added, ...OF_THE_STREAM])].sort());
});

test('a field of ECS has the type that its schema says', () => {
  const ecs: Readonly<Record<string, { readonly type: string }>> = EcsFlat;
  const ours = [...MAPPED].filter(([path]) => !path.startsWith('phi_egress.'));
  for (const [path, type] of ours) {
    // Labels are named by whoever sets them, and are keywords.
    const expected = path.startsWith('labels.') ? 'keyword' : ecs[path]?.type;
    expect([path, type]).toEqual([path, expected]);
  }
  expect(ours.length).toBeGreaterThan(40);
});

test('whatever an alert holds is indexed under its mapping', () => {
  fc.assert(
    fc.property(anyAlert, (alert) => {
      for (const [path, value] of fieldsOf(JSON.parse(encodeEcs(alert, '0.1.0')))) {
        const indexes = INDEXES[MAPPED.get(path) ?? 'not mapped'];
        expect([path, value, indexes?.(value)]).toEqual([path, value, true]);
      }
    }),
  );
});

test('what sort of event an alert is, is said in words that ECS has, and that go together', () => {
  const kinds = EcsFlat['event.kind'].allowed_values.map(({ name }) => name);
  const typesOf = new Map(
    EcsFlat['event.category'].allowed_values.map((it) => [it.name, it.expected_event_types as readonly string[]]),
  );
  for (const { event } of documents as readonly { event: Readonly<Record<string, string | readonly string[]>> }[]) {
    expect(kinds).toContain(event.kind);
    const expected = [event.category ?? []].flat().map((category) => typesOf.get(category) ?? []);
    for (const type of [event.type ?? []].flat()) expect(expected.some((types) => types.includes(type))).toBe(true);
  }
});

test('the stream is the one that the alerts name', () => {
  const { index_patterns, composed_of } = packJson<{ index_patterns: string[]; composed_of: string[] }>(
    'elastic/index-template.json',
  );
  const [dataset, ...others] = new Set(documents.map((it) => (it as { event: { dataset: string } }).event.dataset));
  expect(others).toEqual([]);
  expect(index_patterns).toEqual([`logs-${dataset}-*`]);
  expect(composed_of).toContain(`logs-${dataset}@package`);
  const { template } = packJson<{ template: { settings: { index: { default_pipeline: string } } } }>(
    'elastic/component-template.json',
  );
  expect(template.settings.index.default_pipeline).toBe(`logs-${dataset}`);
  const mapping = packJson<object>('elastic/component-template.json');
  expect(valuesOf(mapping, 'dataset')).toContainEqual({ type: 'constant_keyword', value: dataset });
});

test('a notice that is brought twice is one document', () => {
  const ids = processors.filter(({ field }) => field === '_id');
  for (const it of [...WHOLE_ALERTS, alert(), conditionAlert({ state: 'updated', count: 7 })]) {
    const fields = new Map(fieldsOf(JSON.parse(encodeEcs(it, '0.1.0'))));
    const holding = ids.filter(({ if: condition }) => condition === undefined || fields.has(pathIn(condition)));
    const template = holding.at(-1)?.value ?? '';
    expect(template.replace(/\{\{\{([\w.]+)\}\}\}/g, (_, path) => String(fields.get(path)))).toBe(eventId(it));
  }
});

/** Of a condition in the one form that the pipeline uses. */
function pathIn(condition: string): string {
  const [, path = ''] = /^ctx\.([\w?.]+) != null$/.exec(condition) ?? [];
  return path.replaceAll('?.', '.');
}

test('the pipeline takes from fields that alerts have, and looks first whether they are there', () => {
  const taken = processors.flatMap(({ value, if: condition }) => {
    const [, path] = /^\{\{\{(?!_ingest\.)([\w.]+)\}\}\}$/.exec(value) ?? [];
    return path === undefined ? [] : [{ path, condition }];
  });
  expect(taken).toHaveLength(6);
  for (const { path, condition } of taken) {
    expect(sent).toContain(path);
    expect(condition).toBe(`ctx.${path.replaceAll('.', '?.')} != null`);
  }
});

interface SavedObject {
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly references: readonly { readonly id: string; readonly name: string; readonly type: string }[];
}

interface Panel {
  readonly panelIndex: string;
  readonly gridData: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly embeddableConfig: { readonly attributes: { readonly references: SavedObject['references'] } };
}

test('the dashboard asks for fields that are mapped, by a type that can be counted', () => {
  const [view, dashboard] = packJsonLines<SavedObject>('elastic/dashboard.ndjson');
  expect(view?.attributes.title).toBe(
    packJson<{ index_patterns: string[] }>('elastic/index-template.json').index_patterns[0],
  );
  const panels = JSON.parse(dashboard?.attributes.panelsJSON ?? '') as readonly Panel[];
  const counted = [...valuesOf(panels, 'sourceField'), ...valuesOf(panels, 'sortField')] as readonly string[];
  expect(counted.length).toBeGreaterThan(20);
  for (const field of counted) {
    expect([...MAPPED.keys()]).toContain(field);
    expect([field, MAPPED.get(field)]).not.toEqual([field, 'match_only_text']);
  }
  for (const query of valuesOf(panels, 'query')) {
    if (typeof query === 'string') expectKnownFields(query);
    // What a panel is about: without the kind, heartbeats and tests would be counted as alerts.
    else expect((query as { query: string }).query).toMatch(/^phi_egress\.kind: (egress|condition)\b/);
  }
});

test('the dashboard says what each of its panels refers to, and no panel covers another', () => {
  const [view, dashboard] = packJsonLines<SavedObject>('elastic/dashboard.ndjson');
  const panels = JSON.parse(dashboard?.attributes.panelsJSON ?? '') as readonly Panel[];
  const referred = panels.flatMap(({ panelIndex, embeddableConfig }) =>
    embeddableConfig.attributes.references.map((it) => ({ ...it, name: `${panelIndex}:${it.name}` })),
  );
  expect(dashboard?.references).toEqual(referred);
  expect(new Set(referred.map(({ type, id }) => `${type} ${id}`))).toEqual(new Set([`${view?.type} ${view?.id}`]));
  for (const { gridData: one } of panels) {
    expect(one.x + one.w).toBeLessThanOrEqual(48);
    const covered = panels.filter(
      ({ gridData: other }) =>
        one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h,
    );
    expect(covered).toHaveLength(1);
  }
});

test('the detection rule raises an alert about data once for each severity, from fields that are mapped', () => {
  const [rule] = packJsonLines<Record<string, unknown>>('elastic/detection-rule.ndjson');
  expect(rule).toMatchObject({ type: 'new_terms', new_terms_fields: ['event.id', 'phi_egress.severity'] });
  const fields = [rule?.new_terms_fields, rule?.timestamp_override, rule?.rule_name_override, valuesOf(rule, 'field')];
  for (const field of fields.flat()) expect([...MAPPED.keys()]).toContain(field);
  expectKnownFields(String(rule?.query));
  // Neither the watch itself, nor a heartbeat, nor a test.
  expect(rule?.query).toBe('event.kind: alert and phi_egress.kind: egress and not phi_egress.state: closed');
});

/** KQL: a field's name stands before a colon. */
function expectKnownFields(kql: string): void {
  for (const [, field] of kql.matchAll(/([\w.@]+)\s*:/g)) expect([...MAPPED.keys()]).toContain(field);
}
