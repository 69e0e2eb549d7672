import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Alert } from '../../src/alerts/alert.ts';
import { encodeNative } from '../../src/sinks/encoders/native.ts';
import { alert, conditionAlert } from '../sinks/alerts.ts';
import { fieldsOf, pathsOf } from './fields.ts';
import { packText } from './pack-files.ts';
import { SIGMA_RULE } from './sigma-schema.ts';
import { HEARTBEAT, KNOWN_ANSWER, SINK_TEST, WHOLE_ALERTS } from './whole-alerts.ts';

interface SigmaRule {
  readonly detection: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly fields: readonly string[];
}

const RULES = ['phi_left_permitted_territory', 'phi_receiver_not_located', 'phi_watch_in_trouble'] as const;
const ruleOf = (name: string) => parse(packText(`sigma/${name}.yml`)) as SigmaRule;
const native = (it: Alert) => JSON.parse(encodeNative(it)) as object;

test.each(RULES)('%s is a rule of the Sigma specification', (name) => {
  const validate = new Ajv2020({ allErrors: true }).compile(SIGMA_RULE);
  expect([validate(ruleOf(name)), validate.errors]).toEqual([true, null]);
});

test.each(RULES)('%s names fields that alerts have', (name) => {
  const known = pathsOf(WHOLE_ALERTS.map(native));
  const { detection, fields } = ruleOf(name);
  const { condition: _, ...searches } = detection;
  for (const field of [...fields, ...Object.values(searches).flatMap((it) => Object.keys(it))])
    expect(known.some((path) => path === field || path.startsWith(`${field}.`))).toBe(true);
});

test('each alert that is not closed is found by the rules that are about it, and by no other', () => {
  const undetermined = { rule: 'location-undetermined', severity: 'medium' } as const;
  const found: readonly (readonly [Alert, readonly string[]])[] = [
    [alert(), ['phi_left_permitted_territory']],
    [alert({ severity: 'critical', state: 'updated' }), ['phi_left_permitted_territory']],
    [alert({ state: 'closed', closedBecause: 'quiet' }), []],
    [alert({ severity: 'medium' }), []],
    [alert(undetermined), ['phi_receiver_not_located']],
    [alert({ ...undetermined, severity: 'high' }), ['phi_left_permitted_territory', 'phi_receiver_not_located']],
    [conditionAlert(), ['phi_watch_in_trouble']],
    [conditionAlert({ severity: 'high' }), ['phi_watch_in_trouble']],
    [conditionAlert({ state: 'closed', closedBecause: 'mended' }), []],
    [HEARTBEAT, []],
    [SINK_TEST, []],
    [KNOWN_ANSWER, []],
  ];
  for (const [it, rules] of found) expect(RULES.filter((name) => finds(ruleOf(name), native(it)))).toEqual(rules);
});

/** All keys of a search must hold, each by any of its values; letters of either case are the same. */
function finds({ detection }: SigmaRule, event: object): boolean {
  const values = new Map(fieldsOf(event).map(([path, value]) => [path, String(value).toLowerCase()]));
  const holds = (name: string) =>
    Object.entries(detection[name] ?? {}).every(([field, wanted]) =>
      [wanted].flat().some((it) => values.get(field) === String(it).toLowerCase()),
    );
  expect(detection.condition).toBe('selection and not closed');
  return holds('selection') && !holds('closed');
}
