import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sinkSchema } from '../../src/sinks/schema.ts';
import { packJson, packText } from './pack-files.ts';
import { confOf } from './splunk-conf.ts';

const PACKS = ['elastic', 'grafana', 'prometheus', 'qradar', 'sentinel', 'sigma', 'splunk'];

test.each(PACKS)('the sinks that the README of %s shows are what the configuration takes', (pack) => {
  for (const [, block = ''] of packText(`${pack}/README.md`).matchAll(/```yaml\n([^`]*)```/g)) {
    const { sinks = [] } = parse(block) as { readonly sinks?: readonly unknown[] };
    for (const sink of sinks) {
      const { success, error } = sinkSchema.safeParse(sink);
      expect([success, error?.issues]).toEqual([true, undefined]);
    }
  }
});

test('sinks send by default to what the packs set up', () => {
  const url = 'https://siem.hospital.example';
  const secret = `\${env:SECRET}`;
  const guid = '00000000-0000-0000-0000-000000000001';
  const declared = (sink: object) => sinkSchema.parse({ name: 'it', url, ...sink });
  expect(declared({ type: 'elasticsearch' })).toMatchObject({
    'data-stream': 'logs-phi_egress.alerts-default',
    format: 'ecs',
  });
  expect(packJson<{ index_patterns: readonly string[] }>('elastic/index-template.json').index_patterns).toEqual([
    'logs-phi_egress.alerts-*',
  ]);
  expect(declared({ type: 'splunk-hec', token: secret })).toMatchObject({ sourcetype: 'phi:egress:alert' });
  expect([...confOf('default/props.conf').keys()]).toContain('phi:egress:alert');
  expect(declared({ type: 'sentinel', rule: 'dcr-0', tenant: guid, client: guid, secret })).toMatchObject({
    stream: packJson<{ outputs: { stream: { value: string } } }>('sentinel/table-and-dcr.json').outputs.stream.value,
  });
});
