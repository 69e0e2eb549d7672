import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replay } from '../../src/agent/replay.ts';
import { loadSettings } from '../../src/config/load.ts';
import type { Finding } from '../../src/rules/finding.ts';
import { openStoreReader } from '../../src/store/read-only.ts';
import { ROOT, run } from '../command.ts';

interface Truth {
  readonly source: string;
  readonly line: number;
  readonly time: string;
  readonly kind: 'transfer' | 'access';
  readonly vendor: string | null;
  readonly receiver: { readonly ip?: string };
  readonly country: string;
  readonly bytes: number | null;
  readonly rule: string | null;
}

let scratch: string;
/** What the daemon found, by way of the quick start. */
let tailed: readonly Finding[];
/** What replaying the same logs found. */
let replayed: readonly Finding[];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'phi-egress-samples-'));
  const config = join(ROOT, 'config', 'quickstart.yaml');
  const state = join(scratch, 'state');
  const configured = readFileSync(config, 'utf8')
    .replaceAll('../quickstart-state', state)
    .replaceAll('../samples', join(ROOT, 'samples'))
    .replaceAll('../geoip', join(ROOT, 'geoip'))
    .replace(/^vendors: /m, `vendors: ${join(ROOT, 'config')}/`);
  writeFileSync(join(scratch, 'phi-egress.yaml'), configured);
  const done = await run(['run', '--config', join(scratch, 'phi-egress.yaml'), '--until-idle']);
  expect(done).toMatchObject({ code: 0 });
  const reader = openStoreReader(state);
  tailed = reader.queries.listAlerts({}).flatMap(({ id }) => reader.queries.findingsOf(id));
  reader.close();

  const settings = await loadSettings(join(scratch, 'phi-egress.yaml'));
  const logs = settings.sources.flatMap((source) =>
    source.type === 'file' ? [{ path: source.paths[0] ?? '', source }] : [],
  );
  await replay(settings, logs, {
    visit: ({ queries }) => {
      replayed = queries.listAlerts({}).flatMap(({ id }) => queries.findingsOf(id));
    },
  });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('the findings are those that the composer of the samples meant, one by one', () => {
  const { entries } = JSON.parse(readFileSync(join(ROOT, 'samples', 'truth.json'), 'utf8')) as { entries: Truth[] };
  const meant = entries
    .filter(({ rule }) => rule !== null)
    .map(({ source, time, rule, vendor, receiver, bytes }) =>
      [source, new Date(time).toISOString(), rule, vendor ?? '-', receiver.ip ?? '-', bytes ?? '-'].join(' '),
    );
  const found = tailed.map(({ source, timeMs, rule, vendor, activity, bytes }) =>
    [source, new Date(timeMs).toISOString(), rule, vendor?.id ?? '-', activity.receiver.ip ?? '-', bytes ?? '-'].join(
      ' ',
    ),
  );
  expect(meant.length).toBeGreaterThan(30);
  expect(found.sort()).toEqual(meant.sort());
});

test('replaying a log gives the same findings as having tailed it, with the same ids', () => {
  const ids = (findings: readonly Finding[]) => findings.map(({ id }) => id).sort();
  expect(new Set(ids(tailed)).size).toBe(tailed.length);
  expect(ids(replayed)).toEqual(ids(tailed));
});
