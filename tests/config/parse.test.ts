import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readDocument } from '../../src/config/document.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { OperatorError } from '../../src/errors/problem.ts';

const read = (name: string): unknown =>
  parse(readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8'), { version: '1.2' });
const EXAMPLE = { ...Object(read('phi-egress.example.yaml')), vendors: read('vendors.d/example.yaml') };
const SURROUNDINGS = { file: '/etc/phi-egress/phi-egress.yaml', hostName: 'gw1', secrets: new Map(), sha256: '' };

test('whatever stands in any one place, the answer is settings, or problems that all have a line', () => {
  const paths = pathsIn(EXAMPLE);
  const strange = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('', '*', 'off', '__proto__', 'constructor', '0.0.0.0/0', '::/0', '2026-13-01', '(', 'file'),
    fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'name', 'type', 'squid', '<<'), fc.jsonValue()),
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...paths), strange, (path, value) => {
      const document = readDocument('phi-egress.yaml', stringify(replaced(EXAMPLE, path, value)));
      try {
        parseConfig(document, [], SURROUNDINGS);
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error;
        refused++;
        expect(error.problems.length).toBeGreaterThan(0);
        for (const { where } of error.problems) expect(where?.line).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(150);
});

test('the example is right before anything in it is replaced', () => {
  const document = readDocument('phi-egress.yaml', stringify(EXAMPLE));
  expect(parseConfig(document, [], SURROUNDINGS).settings.vendors).toHaveLength(1);
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

function replaced(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((it, at) => (String(at) === String(step) ? replaced(it, rest, by) : it));
  return { ...Object(value), [step]: replaced(Object(value)[step], rest, by) };
}
