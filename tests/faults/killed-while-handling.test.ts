import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyLedger } from '../../src/evidence/verify.ts';
import { openStoreReader } from '../../src/store/read-only.ts';
import { writeHandling } from '../../src/store/write-handling.ts';
import { upload } from '../agent/installation.ts';
import { scratch, start } from '../command.ts';
import { mulberry32, seedOfRun } from '../random.ts';
import { configOf, configure, elapsed, end, runUntilIdle } from './installation.ts';

const KILLS = 6;
const ACTS_A_LIFE = 10;

test('a daemon that is killed again and again takes up what people do once each, in order, and tells all of it', async () => {
  const seed = seedOfRun();
  const random = mulberry32(seed);
  await using dir = await scratch();
  const state = join(dir.path, 'state');
  writeFileSync(join(dir.path, 'access.log'), upload(0));
  configure(dir.path, join(dir.path, 'access.log'));
  expect(await runUntilIdle(dir.path)).toMatchObject({ code: 0 });
  const [{ id } = { id: '' }] = read(state, ({ queries }) => queries.listAlerts({}));

  let written = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const victim = start(['run', '--config', configOf(dir.path)]);
    for (let act = 0; act < ACTS_A_LIFE; act++) {
      await elapsed(random() * 300);
      written += 1;
      writeHandling(state, [
        { kind: 'acknowledged', alertId: id, by: `person ${written}`, account: 'soc', atMs: written },
      ]);
    }
    await end(victim, 'SIGKILL');
  }
  expect(await runUntilIdle(dir.path)).toMatchObject({ code: 0 });

  const everyone = Array.from({ length: written }, (_, index) => `person ${index + 1}`);
  const { kept, chain } = read(state, ({ queries }) => {
    const { entries, anchors } = queries.ledger();
    const all = [...entries];
    const by = all.flatMap(({ entry: { record } }) => (record.kind === 'handling' ? [record.by] : []));
    return { kept: by, chain: verifyLedger(all, anchors).kind };
  });
  expect({ kept, chain }, `seed ${seed}`).toEqual({ kept: everyone, chain: 'intact' });
  // The file sink knows again what it has: each of the first notice and those of the acts once.
  const told = readFileSync(join(dir.path, 'alerts.ndjson'), 'utf8').trim().split('\n');
  const numbers = told.map((line) => JSON.parse(line).handling?.acts ?? 0);
  expect(numbers, `seed ${seed}`).toEqual(Array.from({ length: written + 1 }, (_, number) => number));
});

function read<T>(state: string, look: (store: ReturnType<typeof openStoreReader>) => T): T {
  const store = openStoreReader(state);
  try {
    return look(store);
  } finally {
    store.close();
  }
}
