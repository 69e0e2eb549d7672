import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.ts';

const FILE = new URL('../../config/schema.json', import.meta.url);

/** `UPDATE=1 npx vitest run tests/config/json-schema.test.ts` writes the file anew. */
test('config/schema.json is what the schemas say', async () => {
  if (process.env.UPDATE === '1') await writeFile(FILE, configJsonSchema());
  expect(await readFile(FILE, 'utf8')).toBe(configJsonSchema());
});

test('the schema tells an editor keys, choices, defaults and what each is for', () => {
  const schema: unknown = JSON.parse(configJsonSchema());
  expect(schema).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: ['sources'],
    properties: {
      sources: {
        items: {
          oneOf: [
            { properties: { type: { const: 'file' }, timezone: { type: 'string', default: 'UTC' } } },
            { properties: { type: { const: 'journald' } } },
            { properties: { type: { const: 'syslog' } } },
            { properties: { type: { const: 'stdin' } } },
          ],
        },
      },
      residency: {
        properties: {
          'on-disputed': { enum: ['info', 'low', 'medium', 'high', 'critical'], default: 'medium' },
        },
      },
      alerts: { properties: { group: { type: 'string', default: '1h', description: expect.any(String) } } },
      rules: { properties: { 'phi-outside-territory': { properties: { enabled: { default: true } } } } },
    },
  });
});
