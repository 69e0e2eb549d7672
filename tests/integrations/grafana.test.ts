import { expect, test } from 'vitest';
import { MAPPED } from './elastic-mapping.ts';
import { valuesOf } from './fields.ts';
import { packJson } from './pack-files.ts';

interface Aggregation {
  readonly id: string;
  readonly type: string;
  readonly field?: string;
  readonly settings?: { readonly orderBy?: string };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly options: object;
  readonly transformations?: readonly object[];
  readonly targets: readonly {
    readonly query: string;
    readonly timeField: string;
    readonly metrics: readonly Aggregation[];
    readonly bucketAggs: readonly Aggregation[];
  }[];
}

const { panels, templating } = packJson<{
  panels: readonly Panel[];
  templating: { list: readonly { name: string }[] };
}>('grafana/dashboard.json');

test.each(panels)('the panel "$title" asks for fields that are mapped', ({ targets, options, transformations }) => {
  for (const { query, timeField, metrics, bucketAggs } of targets) {
    const inQuery = [...query.matchAll(/([\w.@]+):/g)].map(([, field]) => field);
    const counted = [...metrics, ...bucketAggs].flatMap(({ field }) => field ?? []);
    const shown = [valuesOf(options, 'xField'), valuesOf(transformations, 'names'), valuesOf(transformations, 'field')];
    // Without the kind, heartbeats and tests would be counted as alerts.
    expect(query).toMatch(/^phi_egress\.kind:(egress|condition)\b/);
    for (const field of [timeField, ...inQuery, ...counted, ...shown.flat(2)])
      expect([...MAPPED.keys()]).toContain(field);
    for (const field of counted) expect(MAPPED.get(field)).not.toBe('match_only_text');
    for (const { settings } of bucketAggs)
      if (settings?.orderBy !== undefined) expect(metrics.map(({ id }) => id)).toContain(settings.orderBy);
  }
});

test('every panel takes its data from the source that is chosen above', () => {
  expect(templating.list.map(({ name }) => name)).toEqual(['datasource']);
  expect([...new Set(valuesOf(panels, 'uid'))]).toEqual([`\${datasource}`]);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});
