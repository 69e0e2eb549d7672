import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sinkSchema } from '../../src/sinks/schema.ts';
import { packText } from './pack-files.ts';

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
