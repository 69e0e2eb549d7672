import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { conditionKeys } from '../../src/conditions/schema.ts';
import { RULES } from '../../src/rules/catalogue.ts';
import { encodeLeef } from '../../src/sinks/encoders/leef.ts';
import { packText } from './pack-files.ts';
import { WHOLE_ALERTS } from './whole-alerts.ts';

/** Rows of a file without quotes: no value holds a comma. */
function rowsOf(file: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = packText(`qradar/${file}`).trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    expect([line, values.length]).toEqual([line, names.length]);
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  });
}

/** As the LEEF guide describes a reader: six header fields, then `key=value` divided by tabs. */
function readLeef(alert: Alert): { readonly eventId: string; readonly attributes: ReadonlyMap<string, string> } {
  const [, , , , eventId = '', , ...rest] = encodeLeef(alert, '0.1.0').trimEnd().split('|');
  const pairs = rest.join('|').split('\t');
  return {
    eventId,
    attributes: new Map(pairs.map((it) => [it.slice(0, it.indexOf('=')), it.slice(it.indexOf('=') + 1)])),
  };
}

test('whatever is told has a name in QRadar, and nothing else has', () => {
  const events = rowsOf('events.csv').map(({ event_id, category }) => `${event_id} ${category}`);
  const ours = [
    ...RULES.map(({ id }) => `${id} egress`),
    ...Object.keys(conditionKeys).map((id) => `${id} condition`),
    ...['heartbeat heartbeat', 'sink-test test', 'known-answer test'],
  ];
  expect([...events].sort()).toEqual(ours.sort());
  for (const alert of WHOLE_ALERTS) {
    const { eventId, attributes } = readLeef(alert);
    expect(events).toContain(`${eventId} ${attributes.get('cat')}`);
  }
});

test('names are within what qidmap_cli.sh takes', () => {
  // "Policy" and "System" in the QRadar administration guide.
  const categories = ['9001', '9003', '9013', '8007'];
  for (const { name = '', description = '', severity, low_level_category_id } of rowsOf('events.csv')) {
    expect(name).toMatch(/^[\w '-]{1,255}$/);
    expect(description).toMatch(/^[\w ':-]{1,2048}$/);
    expect(Number(severity)).toBeGreaterThanOrEqual(1);
    expect(Number(severity)).toBeLessThanOrEqual(10);
    expect(categories).toContain(low_level_category_id);
  }
});

test('every custom property is a key that alerts have, of the type that it says', () => {
  const whole = WHOLE_ALERTS.map((it) => readLeef(it).attributes);
  const rows = rowsOf('properties.csv');
  for (const { type, leef_key = '' } of rows) {
    const values = whole.flatMap((it) => it.get(leef_key) ?? []);
    expect([leef_key, values.length > 0]).toEqual([leef_key, true]);
    for (const value of values) expect(value).toMatch(type === 'number' ? /^\d+$/ : /./);
  }
  expect(new Set(rows.map(({ property }) => property)).size).toBe(rows.length);
});
