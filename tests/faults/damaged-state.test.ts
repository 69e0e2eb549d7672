import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/failure.ts';
import { OperatorError } from '../../src/errors/problem.ts';
import { openStoreReader } from '../../src/store/read-only.ts';
import { coverageIn, install, keptIn, noticesIn, runUntilIdle, SQUID, upload } from '../agent/installation.ts';
import { scratch } from '../command.ts';

type Choice = 'stop' | 'from-start' | 'from-end';

/** A state with two findings in it, closed in order; then whatever `damage` does to the database. */
async function damaged(choice: Choice, damage: (database: string) => void) {
  const dir = await scratch();
  const config = await install(dir.path, [SQUID], { agent: { 'on-corrupt-state': choice } });
  const log = join(dir.path, 'access.log');
  await writeFile(log, upload(1) + upload(2));
  await runUntilIdle(config);
  const state = join(dir.path, 'state');
  const before = { ...keptIn(dir.path), maskingKey: maskingKeyIn(state) };
  damage(join(state, 'phi-egress.db'));
  return { dir, config, log, state, before };
}

function maskingKeyIn(state: string): string {
  const reader = openStoreReader(state);
  reader.close();
  return reader.maskingKey.toString('hex');
}

function hashesIn(state: string): Readonly<Record<string, string>> {
  const names = readdirSync(state).filter((it) => /^phi-egress\.db(?:-wal)?$/.test(it));
  return Object.fromEntries(
    names.map((it) => [
      it,
      createHash('sha256')
        .update(readFileSync(join(state, it)))
        .digest('hex'),
    ]),
  );
}

async function failureOf(run: Promise<void>): Promise<OperatorError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OperatorError)) throw new Error('It did not fail as expected', { cause: error });
  return error;
}

function overwrite(path: string, at: number, bytes: Buffer): void {
  const content = readFileSync(path);
  bytes.copy(content, at < 0 ? content.length + at : at);
  writeFileSync(path, content);
}

const garbage = Buffer.alloc(3 * 4_096, 0xa5);

const DAMAGES: readonly [string, (database: string) => void, RegExp][] = [
  ['a first page overwritten', (it) => overwrite(it, 0, randomBytes(512)), /not a SQLite database/],
  ['bytes changed in pages at its end', (it) => overwrite(it, -40_960, garbage), /The database is damaged/],
  [
    'a file cut in half',
    (it) => truncateSync(it, Math.floor(statSync(it).size / 8_192) * 4_096),
    /The database is damaged/,
  ],
  ['a file cut within a page', (it) => truncateSync(it, statSync(it).size - 10_000), /The database is damaged/],
  ['a file that is empty', (it) => truncateSync(it, 0), /empty, which it never is/],
  ['other words in its place', (it) => writeFileSync(it, 'x'.repeat(100_000)), /not a SQLite database/],
];

test.each(DAMAGES)('%s stops the agent with what to do, and nothing is touched', async (_, damage, what) => {
  const { dir, config, state } = await damaged('stop', damage);
  await using __ = dir;
  const before = hashesIn(state);
  for (let tries = 0; tries < 2; tries++) {
    const error = await failureOf(runUntilIdle(config));
    expect(error.problems).toMatchObject([{ code: 'state.damaged', where: { file: join(state, 'phi-egress.db') } }]);
    expect(error.message).toMatch(what);
    expect(error.message).toContain('restore a backup of the state directory, or set agent.on-corrupt-state');
    expect(exitCodeOf(error)).toBe(2);
  }
  expect(hashesIn(state)).toEqual(before);
});

test.each(DAMAGES)('%s: from-start moves it aside, reads the logs again, and says so', async (_, damage, what) => {
  const { dir, config, state, before } = await damaged('from-start', damage);
  await using __ = dir;
  const { 'phi-egress.db': hash } = hashesIn(state);
  await runUntilIdle(config);

  const after = keptIn(dir.path);
  expect(after.findings.map(({ id }) => id)).toEqual(before.findings.map(({ id }) => id));
  expect(after.status.sources).toMatchObject([{ source: 'squid', lines: 2 }]);
  const [aside, ...more] = readdirSync(state).filter((it) => /^phi-egress\.db\.damaged-\d{8}T\d{6}Z$/.test(it));
  if (aside === undefined) throw new Error('Nothing was moved aside');
  expect(more).toEqual([]);
  expect(
    createHash('sha256')
      .update(readFileSync(join(state, aside)))
      .digest('hex'),
  ).toBe(hash);
  expect(after.ledger[0]?.record).toMatchObject({
    kind: 'state-reset',
    because: expect.stringMatching(what),
    movedTo: aside,
  });
  expect(after.ledger[1]?.record.kind).toBe('configuration');
  expect(coverageIn(dir.path).gaps).toMatchObject([{ source: 'squid', kind: 'state-reset', unwatched: false }]);
  expect(after.alerts.filter(({ kind }) => kind === 'condition')).toMatchObject([
    { rule: 'coverage-gap', severity: 'high', source: 'squid' },
  ]);
  expect((await noticesIn(join(dir.path, 'alerts.ndjson'))).at(-1)?.explanation).toBeDefined();

  // Nothing is begun anew a second time.
  await runUntilIdle(config);
  expect(keptIn(dir.path).status.sources).toMatchObject([{ lines: 2 }]);
  expect(readdirSync(state).filter((it) => it.endsWith('Z'))).toEqual([aside]);
});

test('from-end goes on with what is written from then on, and the time between is a gap', async () => {
  const { dir, config, log } = await damaged('from-end', (it) => overwrite(it, 0, randomBytes(512)));
  await using _ = dir;
  await appendFile(log, upload(3));
  await runUntilIdle(config);
  expect(keptIn(dir.path).findings).toEqual([]);
  expect(coverageIn(dir.path).gaps).toMatchObject([{ source: 'squid', kind: 'state-reset', unwatched: true }]);
  await appendFile(log, upload(4));
  await runUntilIdle(config);
  expect(keptIn(dir.path).findings.map(({ activity }) => activity.time)).toEqual(['2026-11-23T14:00:04.000Z']);
});

test('the masking key goes over as long as its page can be read, and where the ledger ended', async () => {
  const { dir, config, state, before } = await damaged('from-start', (it) => overwrite(it, -40_960, garbage));
  await using _ = dir;
  await runUntilIdle(config);
  expect(maskingKeyIn(state)).toBe(before.maskingKey);
});

test('a database that lost all of its pages gives no key, and another is made', async () => {
  const { dir, config, state, before } = await damaged('from-start', (it) => writeFileSync(it, 'x'.repeat(100_000)));
  await using _ = dir;
  await runUntilIdle(config);
  expect(maskingKeyIn(state)).not.toBe(before.maskingKey);
});

test('a write-ahead log without its database is damage, not a first start', async () => {
  const { dir, config, state } = await damaged('from-start', (it) => {
    writeFileSync(`${it}-wal`, garbage);
    rmSync(it);
  });
  await using _ = dir;
  await runUntilIdle(config);
  expect(keptIn(dir.path).ledger[0]?.record).toMatchObject({ kind: 'state-reset' });
  const aside = readdirSync(state).find((it) => /\.damaged-\d{8}T\d{6}Z-wal$/.test(it));
  expect(readFileSync(join(state, aside ?? ''))).toEqual(garbage);
});

test('a disk that damages one database after the other is not filled by them: the sixth stops the agent', async () => {
  const { dir, config, state } = await damaged('from-start', () => {});
  await using _ = dir;
  const database = join(state, 'phi-egress.db');
  for (let times = 0; times < 5; times++) {
    overwrite(database, 0, randomBytes(512));
    await runUntilIdle(config);
  }
  overwrite(database, 0, randomBytes(512));
  const error = await failureOf(runUntilIdle(config));
  expect(error.message).toMatch(/damaged again, and 5 damaged ones are kept beside it already; look at the disk/);
  expect(exitCodeOf(error)).toBe(2);
});

test('a kill between the steps of a reset is mended by the next start', async () => {
  const { dir, config, state } = await damaged('from-start', (it) => overwrite(it, 0, randomBytes(512)));
  await using _ = dir;
  await runUntilIdle(config);
  const database = join(state, 'phi-egress.db');
  const aside = readdirSync(state).find((it) => it.includes('damaged')) ?? '';
  // As it stood after the damaged one was moved: the new one is whole and not yet in its place.
  const fresh = new SqliteDatabase(database);
  fresh.pragma('wal_checkpoint(TRUNCATE)');
  fresh.pragma('journal_mode = DELETE');
  fresh.close();
  writeFileSync(`${database}.new`, readFileSync(database));
  rmSync(database);
  await runUntilIdle(config);
  expect(keptIn(dir.path).ledger[0]?.record).toMatchObject({ kind: 'state-reset', movedTo: aside });
  expect(existsSync(`${database}.new`)).toBe(false);
});

test('a first start that was killed half way leaves nothing that is in the way of the next', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID]);
  await runUntilIdle(config);
  const database = join(dir.path, 'state', 'phi-egress.db');
  rmSync(database);
  writeFileSync(`${database}.new`, '');
  await writeFile(join(dir.path, 'access.log'), upload(1));
  await runUntilIdle(config);
  expect(keptIn(dir.path).findings).toHaveLength(1);
  expect(existsSync(`${database}.new`)).toBe(false);
});

/** Puts a byte of the log where the state says that it stands within a line. */
async function misplaced(choice: Choice) {
  const made = await damaged(choice, (it) => {
    const db = new SqliteDatabase(it);
    db.exec('UPDATE file_positions SET read_offset = read_offset - 7');
    db.close();
  });
  return { ...made, offset: 2 * upload(1).length - 7 };
}

test('a position within a line is damage: the agent stops and names log and byte', async () => {
  const { dir, config, log, offset } = await misplaced('stop');
  await using _ = dir;
  const error = await failureOf(runUntilIdle(config));
  expect(error.problems).toMatchObject([{ code: 'state.damaged', where: { file: log, offset } }]);
  expect(exitCodeOf(error)).toBe(2);
});

test('from-start reads that log alone again: nothing is found twice', async () => {
  const { dir, config, log, offset, before } = await misplaced('from-start');
  await using _ = dir;
  await appendFile(log, upload(3));
  await runUntilIdle(config);
  const { findings, ledger } = keptIn(dir.path);
  expect(findings).toHaveLength(3);
  expect(ledger.slice(0, before.ledger.length)).toEqual(before.ledger);
  expect(coverageIn(dir.path).gaps).toMatchObject([{ kind: 'position-reset', path: log, offset, unwatched: false }]);
  expect(keptIn(dir.path).alerts.some(({ rule }) => rule === 'coverage-gap')).toBe(true);
});

test('from-end goes on behind the last whole line of that log', async () => {
  const { dir, config, log } = await misplaced('from-end');
  await using _ = dir;
  await appendFile(log, upload(3));
  await runUntilIdle(config);
  await appendFile(log, upload(4));
  await runUntilIdle(config);
  const times = keptIn(dir.path).findings.map(({ activity }) => activity.time.slice(17, 19));
  expect(times).toEqual(['01', '02', '04']);
  expect(coverageIn(dir.path).gaps).toMatchObject([{ kind: 'position-reset', unwatched: true }]);
});

test('a position behind a line that was cut is none that does not fit', async () => {
  const { dir, config, log } = await damaged('stop', () => {});
  await using _ = dir;
  await appendFile(log, 'x'.repeat(1_100_000));
  await runUntilIdle(config);
  await appendFile(log, `${'x'.repeat(50)}\n${upload(3)}`);
  await runUntilIdle(config);
  expect(keptIn(dir.path).findings).toHaveLength(3);
});

test.each<[Choice, number]>([
  ['stop', 0],
  ['from-start', 1],
  ['from-end', 1],
])('a session that cannot be unsealed: %s', async (choice, gaps) => {
  const { dir, config } = await damaged(choice, (it) => {
    const db = new SqliteDatabase(it);
    db.exec(
      "INSERT INTO sessions (source, key, last_seen_ms, state) VALUES ('squid', 'k', 1, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')",
    );
    db.close();
  });
  await using _ = dir;
  if (gaps === 0) {
    const error = await failureOf(runUntilIdle(config));
    expect(error.message).toMatch(/^1 open session of source squid cannot be unsealed/);
    return;
  }
  await runUntilIdle(config);
  expect(coverageIn(dir.path).gaps).toMatchObject([{ kind: 'sessions-lost', count: 1 }]);
  expect(keptIn(dir.path).findings).toHaveLength(2);
});
