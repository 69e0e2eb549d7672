import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Metrics } from '../../src/agent/metrics.ts';
import { COUNTERS, GAUGES, HISTOGRAMS } from '../../src/agent/metrics-table.ts';
import { loadSettings } from '../../src/config/load.ts';
import { ROOT, scratch } from '../command.ts';
import { runProgram } from '../e2e/child.ts';
import { describeWithServers, programPath } from '../e2e/requirements.ts';
import { packJson, packText } from './pack-files.ts';

const RULES = 'prometheus/phi-egress.rules.yml';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const { groups } = parse(packText(RULES)) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

/** Those of Prometheus, set when it scrapes. */
const TARGET_LABELS = ['job', 'instance'];
/** Labels by metric of ours; a histogram's series have `le` too. */
const LABELS = new Map<string, readonly string[]>([
  ...Object.values(COUNTERS).map(({ name, labels }) => [name, labels] as const),
  ...Object.values(GAUGES).map(({ name, labels }) => [name, labels] as const),
  ...Object.values(HISTOGRAMS).flatMap(({ name, labels }) =>
    ['_bucket', '_sum', '_count'].map((part) => [`${name}${part}`, [...labels, 'le']] as const),
  ),
]);

/** Names that the text format declares, those of a histogram's series among them. */
async function namesGiven(): Promise<ReadonlySet<string>> {
  const { text } = await new Metrics([], []).exposition({
    nowMs: 0,
    version: '1.2.3',
    readiness: { kind: 'ready' },
    sources: [],
    sinks: [],
    alerts: [],
    conditions: [],
    outbox: [],
    geoFiles: [],
  });
  const typed = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return new Set(
    typed.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

/** What an expression asks for: metrics with the labels in their braces. */
function asked(expr: string) {
  return [...expr.matchAll(/\b((?:phi_egress|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', inner = '']) => ({
      name,
      labels: [...inner.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    }),
  );
}

async function expectGiven(expr: string): Promise<void> {
  const given = await namesGiven();
  for (const { name, labels } of asked(expr)) {
    expect([...given]).toContain(name);
    for (const label of labels) expect([...TARGET_LABELS, ...(LABELS.get(name) ?? [])]).toContain(label);
  }
}

test.each(rules)('$alert asks for metrics and labels that the agent gives', async ({ alert, expr }) => {
  if (alert !== 'PhiEgressDown') expect(asked(expr)).not.toEqual([]);
  await expectGiven(expr);
});

test.each(rules)('$alert shows labels that its metric has', ({ expr, annotations }) => {
  const shown = [
    ...Object.values(annotations)
      .join(' ')
      .matchAll(/\$labels\.(\w+)/g),
  ].map(([, label]) => label);
  const had = [...TARGET_LABELS, ...asked(expr).flatMap(({ name }) => LABELS.get(name) ?? [])];
  for (const label of shown) expect(had).toContain(label);
});

test('the conditions that the rules name are ones that the agent evaluates', async () => {
  await using dir = await scratch();
  const named = rules.flatMap(({ expr }) => [...expr.matchAll(/rule="([\w-]+)"/g)].map(([, rule]) => rule));
  const config = join(dir.path, 'phi-egress.yaml');
  await writeFile(
    config,
    'sources: [{ name: a, type: file, paths: [a.log], format: squid, inside: client }]\nvendors: []\n',
  );
  const { conditions } = await loadSettings(config);
  expect(named).toEqual(['source-silent', 'coverage-gap', 'format-mismatch']);
  for (const rule of named) expect(Object.keys(conditions)).toContain(rule);
});

test('each rule is seen to fire in the tests that promtool runs', async () => {
  const { tests } = parse(packText('../tests/integrations/prometheus-rules.yml')) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts?: readonly unknown[] }[] }[];
  };
  const fired = tests.flatMap(({ alert_rule_test: cases }) =>
    cases.filter(({ exp_alerts = [] }) => exp_alerts.length > 0).map(({ alertname }) => alertname),
  );
  expect(new Set(fired)).toEqual(new Set(rules.map(({ alert }) => alert)));
});

test('the README lists every metric with its labels, as the agent describes it', () => {
  const listed = [...packText('prometheus/README.md').matchAll(/^\| `(\w+)` \| ([^|]*) \| (.*) \|$/gm)];
  const rows = [...Object.values(COUNTERS), ...Object.values(GAUGES), ...Object.values(HISTOGRAMS)];
  expect(listed.map(([, name, labels = '', help]) => [name, labels.trim(), help])).toEqual(
    rows.map(({ name, labels, help }) => [name, labels.join(', '), help]),
  );
});

interface PrometheusPanel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

test.each(packJson<{ panels: readonly PrometheusPanel[] }>('grafana/health-dashboard.json').panels)(
  'the panel "$title" asks for metrics and labels that the agent gives',
  async ({ targets }) => {
    for (const { expr } of targets) {
      expect(asked(expr)).not.toEqual([]);
      await expectGiven(expr);
    }
  },
);

describeWithServers('promtool takes the rules', { programs: ['promtool'] }, () => {
  test.each([
    ['check', join(ROOT, 'integrations', RULES)],
    ['test', join(ROOT, 'tests/integrations/prometheus-rules.yml')],
  ])('promtool %s rules', async (verb, file) => {
    const { code, stdout, stderr } = await runProgram(programPath('promtool'), [verb, 'rules', file]);
    expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});
